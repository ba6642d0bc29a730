"""Rows of a list that are about somebody it has already told of."""

from collections.abc import Mapping, Sequence

from django.db import connection

from pipeline.audience.imports import bulk
from pipeline.audience.imports.decide import Decision, Outcome
from pipeline.audience.lists.entries import Entry

Hashed = Sequence[tuple[Entry, str]]
_TABLE = "meridian_seen"


class Seen:
    """The addresses that the list has had so far, in a table that lasts as long as the connection.

    A list of ten million takes no more memory than one of ten. Of each hash 64 bits are kept: among
    a million people two share them in one list of thirty million.
    """

    def __enter__(self) -> "Seen":
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TABLE IF EXISTS {_TABLE}")
            kind = "integer" if connection.vendor == "sqlite" else "bigint"
            cursor.execute(
                f"CREATE TEMPORARY TABLE {_TABLE} (key {kind} PRIMARY KEY, line integer)"
            )
        return self

    def __exit__(self, *_: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TABLE IF EXISTS {_TABLE}")

    def add(self, lines: Mapping[str, int]) -> dict[str, int]:
        """Note lines by address hash, and give those that were noted before.

        The line of an opt-out is given and kept as less than 0, and outweighs any other.
        """
        if not lines:
            return {}
        keys = {int(digest[:16], 16) - 2**63: digest for digest in lines}
        # In the order of the table: neighbours are written together.
        rows = sorted((key, lines[digest]) for key, digest in keys.items())
        if bulk.insert_new(_TABLE, rows) == len(rows):
            return {}
        listed = bulk.among([key for key, _ in rows])
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT key, line FROM {_TABLE} WHERE key IN ({listed.sql})",  # noqa: S608 (ours)
                listed.params,
            )
            # A line comes once: what has another than ours was here before.
            found = ((keys[key], line) for key, line in cursor.fetchall())
            before = {digest: line for digest, line in found if line != lines[digest]}
            outs = [(lines[digest], key) for key, digest in keys.items() if digest in before]
            cursor.executemany(
                f"UPDATE {_TABLE} SET line = %s WHERE key = %s",  # noqa: S608 (ours)
                [(line, key) for line, key in outs if line < 0],
            )
        return before


def repeats(rows: Hashed, seen: Seen) -> dict[int, Decision]:
    """What becomes of rows that are about somebody told of before, by line; without all others.

    An opt-out is never a repetition of a wish, wherever it stands: it counts.
    """
    outs = {digest: entry.line for entry, digest in rows if entry.out}
    firsts: dict[str, int] = {}
    for entry, digest in rows:
        if not entry.out:
            firsts.setdefault(digest, entry.line)
    before = seen.add({**firsts, **{digest: -line for digest, line in outs.items()}})
    told_out: set[object] = set()
    found = {}
    for entry, digest in rows:
        if entry.out:
            if (digest, entry.out) in told_out:
                found[entry.line] = Decision(Outcome.REPEATED, "opts out before")
            told_out.add((digest, entry.out))
            continue
        out = outs.get(digest) or -min(before.get(digest, 0), 0)
        first = before.get(digest) or firsts[digest]
        if out:
            found[entry.line] = Decision(Outcome.SUPPRESSED, f"opts out on line {out}")
        elif first != entry.line:
            found[entry.line] = Decision(Outcome.REPEATED, f"first on line {first}")
    return found
