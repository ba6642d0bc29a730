"""A zone of a test's own, as a way to ask DNS."""

from collections.abc import Mapping, Sequence

from pipeline.stages.sender_domain.records import Ask, NoAnswerError

Zone = Mapping[str, Sequence[str]]
DOMAIN = "clinic.example.com"


def asking(zone: Zone) -> Ask:
    """Ask these records, under ``name TYPE``; a name of no records at all has none."""

    def ask(name: str, kind: str) -> Sequence[str]:
        found = zone.get(f"{name} {kind}", ())
        if list(found) == ["no answer"]:
            raise NoAnswerError(f"DNS gives no answer about {name}")
        return found

    return ask
