"""Orders to template engines, in every place people type into: printed, never followed (S1)."""

import email.policy
import os
import re
from dataclasses import replace
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import PurePath

import pytest
from django.conf import settings

from pipeline.audience.first_names import first_name
from pipeline.channels.message import build_message
from pipeline.errors import MeridianError
from pipeline.run import run
from pipeline.stages.email.page import page
from pipeline.stages.merge import MARKED, unmarked
from pipeline.stages.text.inline import solid
from pipeline.stages.web_version import web_version
from pipeline.values import Configuration, RenderedIssue
from tests.channels.letters import letter, reader
from tests.payloads import PAYLOADS
from tests.samples import configuration, templates

PLACES = ("title", "heading", "body", "code", "why", "note", "clinic", "newsletter", "label")
TEMPLATES = templates()
_SIGN = re.compile(r"([*_<>#\[\]])")


def made(place: str, payload: str) -> tuple[RenderedIssue, Configuration]:
    """The first issue of an article that has the payload in one place."""
    said = dict.fromkeys(PLACES, "") | {place: payload}
    # In Markdown, signs that would be markup are written with a backslash.
    said |= {where: _SIGN.sub(r"\\\1", said[where]) for where in ("title", "heading", "body")}
    configured = configuration()
    clinic, letters = configured.clinic, configured.newsletters[0]
    clinic = replace(
        clinic,
        name=said["clinic"] or clinic.name,
        note=said["note"],
        booking_label=said["label"],
    )
    letters = replace(letters, name=said["newsletter"] or letters.name, why=said["why"])
    configured = replace(configured, clinic=clinic, newsletters=(letters,))
    title, heading = said["title"] or "Warm hands", said["heading"] or "Vessels"
    text = f"# {title}\n\nA lead of a few words.\n\n## {heading}\n\nWarmth. {said['body']}\n"
    text += f"\n```\n{said['code'] or 'code'}\n```\n"
    edition = run(PurePath("a.md"), text.encode(), configured, TEMPLATES)
    return edition.issues[0], configured


def sent(issue: RenderedIssue, name: str) -> tuple[str, str, str]:
    """Subject, text and HTML as a reader of this name gets them in an ``.eml``."""
    values = dict.fromkeys(MARKED, "https://letters.example.com/x") | {"first_name": name}
    content = build_message(
        letter(subject=issue.subject, html=issue.html, text=issue.text), reader(values=values)
    )
    message = BytesParser(policy=email.policy.default).parsebytes(content)
    assert isinstance(message, EmailMessage)
    parts = [part.get_content() for part in message.iter_parts() if isinstance(part, EmailMessage)]
    return str(message["Subject"]), parts[0], parts[1]


@pytest.mark.no_cover
@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("payload", PAYLOADS)
def test_an_order_to_an_engine_is_printed_or_refused_s1(place: str, payload: str) -> None:
    try:
        issue, _ = made(place, payload)
    except MeridianError:
        return
    subject, text, html = sent(issue, "Ana")
    web = web_version(issue.html, archive="/archive").html
    for form in (text, page(html).text, page(web).text):
        assert solid(payload) in solid(form)
    everything = f"{subject}\n{text}\n{html}\n{web}"
    for secret in (settings.SECRET_KEY, os.environ["HOME"], "root:x:0", "<class", "<built-in"):
        assert secret not in everything
    assert "49" not in subject + text + page(html).text + page(web).text


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_value_of_a_reader_is_never_followed_s1(payload: str) -> None:
    issue, _ = made("title", 'For {{ first_name | default("you") }}')
    subject, text, html = sent(issue, payload)
    assert subject == f"For {payload}"
    assert solid(f"For {payload}") in solid(text)
    assert solid(f"For {payload}") in solid(page(html).text)
    # What people type as their name is no name to begin with.
    assert first_name(payload) == ""


def test_everybody_reads_defaults_s1() -> None:
    issue, _ = made("title", 'For {{ first_name | default("you") }}')
    assert unmarked(issue.subject) == "For you"
    assert "For you" in page(web_version(issue.html, archive="/archive").html).text


def test_posts_and_cards_show_defaults() -> None:
    text = '# Hi {{ first_name | default("you") }}\n\n## One\n\nHi {{ first_name }}, warm hands.\n'
    edition = run(PurePath("a.md"), text.encode(), configuration(), TEMPLATES)
    alts = "\n".join(card.alt for card in edition.cards)
    shown = "\n".join(post.text for post in edition.posts) + alts
    assert "Hi you" in shown
    assert "first_name" not in shown
    assert "@@" not in shown
