"""One article and one clinic for tests: made up, small, with every kind of block.

Change a field with ``dataclasses.replace(article(), title="…")``.
"""

import datetime as dt
from pathlib import Path

from pipeline.stages.templates import Templates, folders
from pipeline.values import (
    Account,
    Article,
    Block,
    BlockKind,
    Clinic,
    Configuration,
    Newsletter,
    Person,
    Practitioner,
    Reference,
    Run,
    Section,
)

SHARED = Path(__file__).parents[2] / "shared"


def block(kind: BlockKind, text: str) -> Block:
    """A block of plain words; the items of a list are the lines of ``text``."""
    if kind in ("bullets", "numbered"):
        return Block(kind=kind, items=tuple((Run(line),) for line in text.splitlines()))
    return Block(kind=kind, text=(Run(text),))


def paragraph(text: str) -> Block:
    """A paragraph of plain words."""
    return block("paragraph", text)


def section(heading: str, *texts: str, number: str = "", level: int = 1) -> Section:
    """A section of plain paragraphs."""
    blocks = tuple(paragraph(text) for text in texts)
    return Section(level=level, number=number, heading=heading, blocks=blocks)


def article() -> Article:
    """Three numbered sections, a lead before and an unnumbered section behind them."""
    return Article(
        slug="why-warmth-helps",
        language="en",
        title="Why Warmth Helps: Three Small Answers to a Stiff Neck",
        byline="Mara Ellison, DAcOM, L.Ac.",
        people=(Person(name="Mara Ellison", credentials=("DAcOM", "L.Ac.")),),
        lead=(
            paragraph(
                "A warm hand on a stiff neck is the oldest remedy there is. Over three weeks we "
                "look at what it may be doing, one answer at a time."
            ),
        ),
        sections=(_vessels(), _muscle(), _nerves(), _evenings()),
        references=(
            Reference(number=1, text=(Run("Sample A, Example B. Warmth and skin blood flow. "),)),
            Reference(
                number=2,
                text=(
                    Run("Placeholder C. "),
                    Run("How long does warmth last?", link="https://example.com/ref/2"),
                ),
            ),
        ),
        disclaimer=(paragraph("This article is for learning and does not replace a visit."),),
        tags=("NeckPain",),
    )


def configuration() -> Configuration:
    """A clinic with one newsletter, one practitioner and two accounts."""
    return Configuration(
        clinic=Clinic(
            name="Harbour Street Acupuncture",
            postal_address=("12 Harbour Street", "Fairhaven 00000"),
            phone="555-0142",
            website="https://clinic.example.com",
            booking_url="https://clinic.example.com/book",
            booking_label="Book a first visit",
            time_zone="America/New_York",
            note="This letter is for learning, not for diagnosis. In an emergency, call your "
            "local emergency number.",
        ),
        newsletters=(
            Newsletter(
                key="weekly",
                name="The Harbour Letter",
                from_name="Harbour Street Acupuncture",
                from_address="letter@clinic.example.com",
                reply_to="hello@clinic.example.com",
                weekday="tuesday",
                time=dt.time(10),
                why="You get this letter on Tuesdays because you asked for it on our website.",
            ),
        ),
        practitioners=(
            Practitioner(
                name="Mara Ellison",
                credentials=("DAcOM", "L.Ac."),
                title="Licensed acupuncturist",
            ),
        ),
        accounts=(
            Account(network="mastodon", handle="@harbour@social.example.com"),
            Account(network="x", handle="@harbour"),
        ),
    )


def templates() -> Templates:
    """The templates of this checkout."""
    return Templates(folders())


def _vessels() -> Section:
    return Section(
        level=1,
        number="1",
        heading="Small Vessels: Room for the Blood",
        blocks=(
            paragraph(
                "Under the skin lie vessels finer than a hair. Warmth lets them widen, and more "
                "blood passes through [1]."
            ),
            Block(
                kind="paragraph",
                text=(
                    Run("The effect is "),
                    Run("modest", bold=True),
                    Run(", it differs from person to person, and it fades "),
                    Run("within hours", italic=True),
                    Run(". Read "),
                    Run("what we ask first", link="https://clinic.example.com/first"),
                    Run(" before you try 42 °C at home."),
                ),
            ),
            block("quotation", "Warmth brings no medicine with it. It makes room."),
            block(
                "bullets",
                "a slow, spreading warmth around the neck, which usually passes within the hour\n"
                "slower breathing, and shoulders that drop by themselves\n"
                "now and then nothing at all, which is a normal answer too",
            ),
        ),
    )


def _muscle() -> Section:
    return Section(
        level=1,
        number="2",
        heading="Muscle: Letting Go by Degrees",
        blocks=(
            paragraph("A muscle that guards a sore place forgets to stop guarding it."),
            block("numbered", "Sit down.\nWarm the neck for ten minutes.\nTurn the head slowly."),
            Block(
                kind="table",
                rows=(
                    ((Run("When"),), (Run("How long"),)),
                    ((Run("Morning"),), (Run("5 minutes"),)),
                    ((Run("Evening"),), (Run("10 minutes"),)),
                ),
            ),
        ),
    )


def _nerves() -> Section:
    return Section(
        level=1,
        number="3",
        heading="Nerves: A Quieter Message",
        blocks=(
            paragraph("Warmth is a message too, and it reaches the spinal cord first [2]."),
            Block(
                kind="image",
                text=(Run("Line drawing of a hand resting on a neck."),),
                target="https://clinic.example.com/hand.png",
            ),
            block("code", "warm = 10  # minutes"),
        ),
    )


def _evenings() -> Section:
    return section("What to Do Tonight", "Take a warm towel, ten minutes, and nothing else to do.")
