"""How many letters lie between two words."""


def distance(one: str, other: str, *, most: int) -> int:
    """How many letters must be added, left out, changed or swapped with the next to get the other.

    Args:
        one: A word.
        other: Another.
        most: Where to stop counting: a larger distance is told as ``most + 1``.
    """
    # One change takes one letter away and brings another: most pairs are far apart at a glance.
    if abs(len(one) - len(other)) > most or len(set(one) ^ set(other)) > 2 * most:
        return most + 1
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
