"""Where a setting stands in a TOML file: the parser keeps no places, so they are found again."""

import re

_HEADER = re.compile(r"\s*\[+\s*([^\[\]]+?)\s*\]+")


def line_of(text: str, loc: tuple[int | str, ...]) -> int:
    """The line a setting stands on, or of its table if it is missing, or 0.

    Args:
        text: The file.
        loc: The way to the setting: ("newsletters", 0, "fields", 1, "key").
    """
    table, within, key = _parts(loc)
    # A table may stand on one line: brand = {ink = "…"}; then this line is its place.
    inline = re.compile(rf"\s*{re.escape(table.rpartition('.')[2])}\s*[=.]")
    assigned = re.compile(rf"\s*[\"']?{re.escape(key)}[\"']?\s*=")
    seen: dict[str, int] = {}
    inside, place = table == key, 0
    for number, line in enumerate(text.splitlines(), start=1):
        header = _HEADER.match(line)
        if header and line.lstrip().startswith("["):
            _count(seen, _plain(header[1]))
            inside = _plain(header[1]) == table and _here(seen, table, within)
            if _here(seen, table, within) and (inside or not place):
                place = number
        elif (inside or table == key) and assigned.match(line):
            return number
        elif not place and inline.match(line):
            place = number
    return place


def _parts(loc: tuple[int | str, ...]) -> tuple[str, tuple[int, ...], str]:
    """The dotted name of the innermost table, its place in each list above it, and the key."""
    # The number at an end is that of a text in a list: its place is the list's.
    *above, key = loc if isinstance(loc[-1], str) else loc[:-1]
    within = tuple(part for part in above if isinstance(part, int))
    table = ".".join(part for part in above if isinstance(part, str)) or str(key)
    return table, within, str(key)


def _plain(name: str) -> str:
    return ".".join(part.strip().strip("\"'") for part in name.split("."))


def _count(seen: dict[str, int], name: str) -> None:
    """Count a table's header; those inside it begin anew."""
    seen[name] = seen.get(name, -1) + 1
    for other in [other for other in seen if other.startswith(f"{name}.")]:
        del seen[other]


def _here(seen: dict[str, int], table: str, within: tuple[int, ...]) -> bool:
    names = table.split(".")
    steps = [".".join(names[: depth + 1]) for depth in range(len(names))]
    return all(seen.get(step) == index for step, index in zip(steps, within, strict=False)) and (
        table in seen
    )
