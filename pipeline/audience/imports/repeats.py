"""Rows of a list that are about somebody it has already told of."""

from collections.abc import Mapping, Sequence

from django.db import connection

from pipeline.audience.imports.bulk import among
from pipeline.audience.imports.decide import Decision, Outcome
from pipeline.audience.lists.entries import Entry

Hashed = Sequence[tuple[Entry, str]]


class Seen:
    """The addresses that the list has had so far, in a table that lasts as long as the connection.

    A list of ten million takes no more memory than one of ten. Of each hash 64 bits are kept: among
    a million people two share them in one list of thirty million.
    """

    def __enter__(self) -> "Seen":
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE IF EXISTS meridian_seen")
            kind = "integer" if connection.vendor == "sqlite" else "bigint"
            cursor.execute(
                f"CREATE TEMPORARY TABLE meridian_seen (key {kind} PRIMARY KEY, line integer)"
            )
        return self

    def __exit__(self, *_: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE IF EXISTS meridian_seen")

    def add(self, lines: Mapping[str, int]) -> dict[str, int]:
        """Note lines by address hash, and give those that were noted before.

        The line of an opt-out is given and kept as less than 0, and outweighs any other.
        """
        if not lines:
            return {}
        keys = {_key(digest): digest for digest in lines}
        listed = among(list(keys))
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT key, line FROM meridian_seen WHERE key IN ({listed.sql})",  # noqa: S608 (ours)
                listed.params,
            )
            before = {keys[key]: line for key, line in cursor.fetchall()}
            cursor.executemany(
                "INSERT INTO meridian_seen VALUES (%s, %s) ON CONFLICT (key) DO UPDATE"
                " SET line = excluded.line WHERE excluded.line < 0",
                [
                    (key, lines[digest])
                    for key, digest in keys.items()
                    if digest not in before or lines[digest] < 0
                ],
            )
        return before


def _key(digest: str) -> int:
    return int(digest[:16], 16) - 2**63


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
