"""A letter as django-anymail hands it over: what our own calls are held against."""

from collections.abc import Callable

from anymail.message import AnymailMessage

from pipeline.channels.mail import Variable, filled, spelt, variables_of
from pipeline.channels.message import CRLF, ONE_CLICK, kind_headers, one_address
from pipeline.outbox.letter import Letter, Recipient
from pipeline.stages.merge import Slot, translate


def message_for(
    letter: Letter, recipients: list[Recipient], *, field: Callable[[str], str]
) -> AnymailMessage:
    """One call for many readers, each of whom gets a message of their own (D36).

    Args:
        letter: The letter, already sorted out.
        recipients: Those who can be written to.
        field: How the provider writes a variable of this name.
    """

    def written(slot: Slot) -> str:
        return field(Variable.of(slot, html=False).name)

    variables = variables_of(letter)
    message = AnymailMessage(
        subject=translate(letter.subject, written),
        body=translate(letter.text, written),
        from_email=spelt(letter.from_name, one_address(letter.from_address)),
        to=[spelt(recipient.name, recipient.address) for recipient in recipients],
        reply_to=[one_address(letter.reply_to)] if letter.reply_to else None,
        headers={name: value.replace(CRLF, "") for name, value in kind_headers(letter).items()},
        merge_data={each.address: filled(variables, each.values) for each in recipients},
        metadata={"batch": letter.key},
        track_clicks=letter.tracked,
        track_opens=letter.tracked,
    )
    if letter.kind == "issue":
        message.extra_headers |= ONE_CLICK
        message.merge_headers = {
            recipient.address: {"List-Unsubscribe": f"<{recipient.values['unsubscribe_url']}>"}
            for recipient in recipients
        }
    html = translate(letter.html, lambda slot: field(Variable.of(slot, html=True).name))
    message.attach_alternative(html, "text/html")
    return message
