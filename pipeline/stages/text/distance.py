"""How many letters lie between two words."""


def distance(one: str, other: str, *, most: int) -> int:
    """How many letters must be added, left out, changed or swapped with the next to get the other.

    Args:
        one: A word.
        other: Another.
        most: Where to stop counting: a larger distance is told as ``most + 1``.
    """
    # One change brings one letter at most, wherever it goes: most pairs are far apart at a glance.
    if abs(len(one) - len(other)) > most or _missing(one, other) > most:
        return most + 1
    # What both begin and end with costs nothing.
    one, other = _unlike(*map(_backwards, _unlike(one, other)))
    before, row = [], list(range(len(other) + 1))
    for i, a in enumerate(one):
        before, above = row, before
        row = [i + 1]
        for j, b in enumerate(other):
            cost = min(before[j] + (a != b), before[j + 1] + 1, row[j] + 1)
            if i and j and a == other[j - 1] and one[i - 1] == b:
                cost = min(cost, above[j - 1] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)


def _unlike(one: str, other: str) -> tuple[str, str]:
    """The rest of two words from where they differ."""
    pairs = zip(one, other, strict=False)
    same = next((place for place, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))
    return one[same:], other[same:]


def _backwards(word: str) -> str:
    return word[::-1]


def _missing(one: str, other: str) -> int:
    """How many letters of one word the other has not, or not as often."""
    for letter in other:
        one = one.replace(letter, "", 1)
    return len(one)
