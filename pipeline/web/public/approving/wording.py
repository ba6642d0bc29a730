"""What the pages for practitioners have words for, and how figures and names go into them."""

from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.audience.segments import Sum
from pipeline.campaigns.audit import SENT_BACK
from pipeline.campaigns.models import Approval
from pipeline.web.public.archive.dates import told
from pipeline.web.public.words import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovingWords:
    """All words of the pages in one language (``language``: a BCP 47 tag)."""

    language: str
    heading: str
    intro: str
    changed_since: str
    contents: str
    part: str
    sender: str
    on_trial: str
    goes_out: str
    no_slot: str
    receivers: str
    not_written_to: str
    reasons: Mapping[str, str]
    since: str
    since_nothing: str
    pieces: Mapping[str, str]
    new: str
    gone: str
    letter: str
    letter_alone: str
    pictures: str
    text: str
    remark: str
    your_remark: str
    send_remark: str
    whole: str
    posts: str
    cards: str
    aloud: str
    findings: str
    no_findings: str
    waived: str
    remarks: str
    settled: str
    decide: str
    yes: str
    yes_all: str
    yes_means: str
    no: str
    why: str
    no_button: str
    own: str
    approved_by: str
    held_by: str
    held_else: str
    gone_out: str
    nothing_left: Problem
    done: Mapping[str, str]
    troubles: Mapping[str, str]
    ended: Problem
    replaced: Problem
    withdrawn: Problem
    sample: Problem

    def closed(self, name: str) -> Problem:
        """What a link that shows nothing any more says."""
        return {"ended": self.ended, "replaced": self.replaced, "withdrawn": self.withdrawn}[name]

    def excluded(self, counted: Sum) -> str:
        """Who is on the list and gets nothing, by reason."""
        each = [f"{self.reasons[why]}: {count:,}" for why, count in counted.excluded.items()]
        return f"{self.not_written_to} {', '.join(each)}" if each else ""

    def approved(self, approval: Approval) -> str:
        """Who said yes, and when."""
        day = told(approval.created_at.date(), self.language)
        return self.approved_by.format(name=approval.approver, day=day)

    def held(self, why: str) -> str:
        """Why a part does not go out."""
        if not why.startswith(SENT_BACK):
            return self.held_else.format(why=why)
        name, _, reason = why.removeprefix(SENT_BACK).partition(": ")
        return self.held_by.format(name=name, reason=reason)
