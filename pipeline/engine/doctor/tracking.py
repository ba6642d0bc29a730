"""Whether anything is measured that no call of ours can switch off (P1)."""

from collections.abc import Iterator

from pipeline.values import Remark

# Where opens and clicks are a setting of the domain or the account, and where it stands.
ELSEWHERE = {
    "brevo": "Settings → Tracking of the transactional part",
    "resend": "the domain's page, under “Open tracking” and “Click tracking”",
}


def look(mail_api: str) -> Iterator[Remark]:
    """Whether a person must look at the provider's dashboard."""
    if mail_api in ELSEWHERE:
        yield Remark(
            check="tracking",
            health="advice",
            message=f"with {mail_api}, opens and clicks are switched off on its dashboard alone",
            mend=f"See that both are off: {ELSEWHERE[mail_api]}.",
        )
