"""Whatever happens in whatever order, nobody who is suppressed is written to (D9, D28, D34, L10).

Random acts are done for real and told to a model that knows only what people said; after each,
everybody who asks whom to write to is asked. ``OPERATIONS=100000`` does so many of them, each time
others (``SEED=`` does the same again); without it the same few are done each time.
"""

import logging
import os
import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import connection
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    rule,
    run_state_machine_as_test,
)

from pipeline.audience.addresses import normalise_address
from pipeline.audience.joining import Reader, subscribe
from tests import factories
from tests.audience.operations.acts import ACTS, Chosen
from tests.audience.operations.audience import READERS
from tests.audience.operations.saying import SPELLINGS
from tests.audience.operations.town import Town
from tests.copies import Copies
from tests.factories import NOW

log = logging.getLogger(__name__)

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database")]

STEPS, EXAMPLES = 50, 12
LONG = int(os.environ.get("OPERATIONS") or 0)

MONTHLY = """
[[newsletters]]
key = "monthly"
name = "The Harbour Month"
from_name = "Harbour Street Acupuncture"
from_address = "month@harbour-street.example.com"
weekday = "monday"
time = 10:00:00
why = "You get this letter because you asked for it on our website."

[[newsletters]]
key = "weekly" """


@pytest.fixture
def town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Town]:
    """A home with two newsletters, and some people on their lists."""
    monkeypatch.setattr(django_settings, "MERIDIAN_HOME", tmp_path)
    if connection.vendor == "sqlite":
        # No power fails here, and waiting for the disk is most of the time of a restore.
        connection.cursor().execute("PRAGMA synchronous = OFF")
    factories.configured(old='\n[[newsletters]]\nkey = "weekly"', new=MONTHLY.rstrip())
    for who, key in READERS:
        reader = Reader(address=normalise_address(SPELLINGS[who][0]))
        subscribe([reader], newsletter=key, basis="express", source="list.csv", now=NOW)
    with Copies() as copies:
        copies.keep("begin")
        yield Town(tmp_path, copies, every=50 if LONG else 10)


def machine(town: Town) -> type[RuleBasedStateMachine]:
    """The acts as a state machine, of which the shortest way to a failure is found."""

    class Operations(RuleBasedStateMachine):
        @initialize()
        def begin(self) -> None:
            town.begin()

        @rule(chosen=_chosen())
        def act(self, chosen: Chosen) -> None:
            town.do(*chosen)

    return Operations


def _chosen() -> st.SearchStrategy[Chosen]:
    # One rule for all, so that weights count: of many, Hypothesis switches most off in a run.
    return st.sampled_from([drawn for drawn in ACTS for _ in range(drawn.weight)]).flatmap(
        lambda drawn: st.tuples(
            st.just(drawn.name),
            st.fixed_dictionaries(
                {name: st.sampled_from(choices) for name, choices in drawn.choices.items()}
            ),
        )
    )


@pytest.mark.skipif(bool(LONG), reason="the long run does the same, without shrinking")
def test_no_order_of_acts_writes_to_who_is_suppressed(town: Town) -> None:
    """The bar: D9, D28, D29, D34, L10 in any order."""
    few = settings(
        max_examples=EXAMPLES,
        stateful_step_count=STEPS,
        derandomize=True,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(machine(town), settings=few)
    _tell(town)


@pytest.mark.skipif(not LONG, reason="the long run: make operations")
def test_no_order_of_many_acts_writes_to_who_is_suppressed(town: Town) -> None:
    """The same acts, so many that only chance picks them."""
    seed = int(os.environ.get("SEED") or random.SystemRandom().randrange(2**32))
    log.info("SEED=%s", seed)
    begun = time.process_time()
    for number in range(LONG):
        if number % STEPS == 0:
            # Each run has a seed of its own, so that one that fails can be done again alone.
            drawn, own = random.Random(seed + number // STEPS), seed + number // STEPS
            town.begin()
        try:
            town.do(*_drawn(drawn))
        except BaseException as error:
            error.add_note("\n".join([f"OPERATIONS={STEPS} SEED={own}", *town.journal]))
            raise
        if number % 5_000 == 0:
            log.info("%s of %s, %.0f s", number, LONG, time.process_time() - begun)
    log.info("%s operations, %.0f s of a processor", LONG, time.process_time() - begun)
    _tell(town)


def _drawn(drawn: random.Random) -> Chosen:
    act = drawn.choices(ACTS, [act.weight for act in ACTS])[0]
    return act.name, {name: drawn.choice(choices) for name, choices in act.choices.items()}


def _tell(town: Town) -> None:
    log.info("%s", ", ".join(f"{what} {many}" for what, many in sorted(town.counts.items())))
    if 0 < LONG < 1_000:
        return  # one that failed is done again
    # A run in which nobody ever came back, or got a letter, would prove nothing.
    assert all(town.counts[name] for name in ("confirmed", "undone", "restored"))
    assert all(town.counts[name] for name in ("issues looked at", "notices looked at"))
