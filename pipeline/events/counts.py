"""What of the events needs a look of a person."""

from collections import Counter
from collections.abc import Mapping

from pipeline.events.models import Event


def unsettled() -> Mapping[str, int]:
    """How many events are orphans, and how many poison; of what there is none, nothing."""
    open_ = Event.objects.exclude(state=Event.State.APPLIED)
    return Counter(open_.values_list("state", flat=True))


def told() -> list[str]:
    """A sentence for each kind of them that there is."""
    counts = unsettled()
    orphans, poison = counts.get("orphan", 0), counts.get("poison", 0)
    found = []
    if orphans:
        found.append(f"Events of letters that are not known here: {orphans}.")
    if poison:
        found.append(f"Events that could not be read or applied: {poison}.")
    return found
