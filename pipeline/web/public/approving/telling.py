"""A part as the page for practitioners shows it: every figure and reason in words."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from pipeline.campaigns.models import ApprovalRequest, Issue
from pipeline.campaigns.review import Review, Reviewed
from pipeline.campaigns.texts import key_of, language_of, place_of
from pipeline.stages.web_version import web_version
from pipeline.values import Newsletter
from pipeline.web.public.approving.part_words import PartWords
from pipeline.web.public.approving.wording import ApprovingWords
from pipeline.web.public.archive.dates import told


def open_texts(texts: Iterable[Review]) -> list[dict[str, str]]:
    """The texts the practitioner may approve now, as a form names them."""
    return [{"shown": _shown(each)} for each in texts if each.waits and not each.own]


@dataclass(frozen=True, slots=True, kw_only=True)
class Teller:
    """What a page is told by: who was asked what, of which newsletter, in which words.

    Attributes:
        newsletter: None if it is gone.
    """

    asked: ApprovalRequest
    newsletter: Newsletter | None
    words: ApprovingWords
    more: PartWords

    def part(self, part: Reviewed) -> dict[str, Any]:
        """A part with what the page says about it in words."""
        words, more, newsletter = self.words, self.more, self.newsletter
        return {
            "issue": part.issue,
            "subject": part.texts[0].subject,
            "when": self._when(part.issue),
            "receivers": more.receivers(part.issue, newsletter.name) if newsletter else "",
            "audience": more.audience(part.audience) if part.audience else "",
            "excluded": words.excluded(part.audience) if part.audience else "",
            "texts": [self._text(each) for each in part.texts],
            "lacking": [
                more.lacking(tag, count, newsletter)
                for tag, count in part.lacking.items()
                if newsletter
            ],
            "open": open_texts(part.texts),
        }

    def _when(self, issue: Issue) -> str:
        if not issue.slot:
            return self.words.no_slot
        slot = dt.datetime.fromisoformat(issue.slot)
        return f"{told(slot.date(), self.words.language)}, {slot:%H:%M} ({issue.time_zone})"

    def _text(self, review: Review) -> dict[str, Any]:
        """One text of a part."""
        text, words, more = review.text, self.words, self.more
        language, newsletter = text.about.get("language", ""), self.newsletter
        asked_hash = self.asked.content_hashes.get(key_of(text))
        pictures = web_version(bytes(text.html.content).decode(), archive="/").origins
        waiting = review.waits and language_of(text) and newsletter
        return {
            "review": review,
            "text": text,
            "variant": language_of(text),
            "place": place_of(text),
            "shown": _shown(review),
            "language": language,
            "tongue": more.tongue(language or (newsletter.language if newsletter else "")),
            "changed_since_asked": review.waits and text.content_hash != asked_hash,
            "changed": ", ".join(words.pieces[piece] for piece in review.changed),
            "renamed": [more.renamed(each) for each in review.renamed],
            "readers": more.readers.format(count=f"{review.readers:,}"),
            "waiting": more.waiting(review.readers, newsletter) if waiting and newsletter else "",
            "sent_back": words.held(text.held) if text.held else "",
            "pictures": ", ".join(pictures),
            "approved": words.approved(review.approval) if review.approval else "",
        }


def _shown(review: Review) -> str:
    """What a form says was read: the place of a text, and the hash of its bytes."""
    return f"{place_of(review.text)}:{review.text.content_hash}"
