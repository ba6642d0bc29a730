"""What asks the reader to come, and what only mentions a visit."""

import pytest

from pipeline.stages.splitting.action import actions, asks, is_short, names_action
from pipeline.values import Block, Run


def paragraph(words: str) -> Block:
    """A paragraph."""
    return Block(kind="paragraph", text=(Run(words),))


@pytest.mark.parametrize(
    "text",
    [
        "Ready to feel better? Book a visit",
        "Ready to feel better?",
        "Book an appointment",
        "Book your first visit today!",
        "Schedule online at example.com/book.",
        "Call us at (555) 010-0100.",
        "Call 555-010-0100 to find a time.",
        "To book an appointment, call 555-0100.",
        "If it still hurts in a week, call us at 555-0100.",
        "Si no mejora en una semana, llámenos al 555-0100.",
        "Have questions? Contact us at hello@example.com.",
        "Contact our clinic to learn more.",
        "If your shoulder still hurts, we are here. Book a session today.",
        "Subscribe",
        "Subscribe to our newsletter for more.",
        "Sign up for our newsletter below.",
        "Reserve su cita hoy.",
        "¿Listo para empezar? Reserve su cita en línea.",
        "¿Lista para moverse mejor?",
        "Llámenos al 555-0100.",
        "Suscríbase a nuestro boletín.",
        "예약은 02-1234-5678로 전화 주세요.",
        "통증이 계속된다면 언제든 진료를 예약하세요.",
        "지금 예약하세요!",
    ],
)
def test_asks_knows_a_call_to_action(text: str) -> None:
    assert asks(text)


@pytest.mark.parametrize(
    "text",
    [
        "You can book a visit any time, but rest comes first.",
        "Call your doctor if the pain grows.",
        "If you feel worse on the third day, call us.",
        "If it grows, call your doctor.",
        "Contact sports can hurt the neck.",
        "Make a list of what hurts.",
        "Schedule your walks in the morning.",
        "Schedule a break every hour.",
        "Book club members sit for long.",
        "Book a visit. It was the first advice she got. She never did it. She is well.",
        "Ready meals hold much salt.",
        "Pida ayuda para levantar la caja.",
        "의사와 상담하세요.",
        "전화기를 오래 들지 마세요.",
        "Book a visit " + "and rest " * 60,
        "",
    ],
)
def test_asks_leaves_other_paragraphs(text: str) -> None:
    assert not asks(text)


@pytest.mark.parametrize(
    "heading",
    [
        "Book your visit",
        "Schedule an appointment today",
        "Ready to move again?",
        "Contact us",
        "Get in touch",
        "Reserve su cita",
        "¿Listo para empezar?",
        "예약",
        "진료 예약 안내",
    ],
)
def test_names_action_knows_a_heading_that_asks(heading: str) -> None:
    assert names_action(heading)


@pytest.mark.parametrize("heading", ["Book reviews", "Contact", "Make a plan", "예약이란?", ""])
def test_names_action_leaves_other_headings(heading: str) -> None:
    assert not names_action(heading)


def test_actions_counts_from_the_end_and_never_the_first() -> None:
    call, other = paragraph("Book a visit."), paragraph("Then rest.")
    listed = Block(kind="bullets", items=((Run("Book a visit."),),))
    assert actions((other, call, call)) == 2
    assert actions((call, call)) == 1
    assert actions((call, other)) == actions((other, listed)) == actions(()) == 0


def test_is_short_reckons_all_words() -> None:
    assert is_short((paragraph("Our door is open."),))
    assert not is_short(())
    assert not is_short((Block(kind="bullets", items=((Run("word " * 200),),)),))
    assert not is_short((paragraph("말" * 500),))
