"""The ways out, by name. A new one is one file and one line here."""

from collections.abc import Callable
from typing import Protocol
from urllib.parse import urlsplit

from django.conf import settings

from pipeline.channels.brevo import BrevoChannel
from pipeline.channels.folder import FolderChannel
from pipeline.channels.mailgun import MailgunChannel
from pipeline.channels.mailjet import MailjetChannel
from pipeline.channels.postmark import PostmarkChannel
from pipeline.channels.resend import ResendChannel
from pipeline.channels.sendgrid import SendGridChannel
from pipeline.channels.ses import SesChannel
from pipeline.channels.smtp import SmtpChannel
from pipeline.channels.smtp_line import is_loopback
from pipeline.channels.sparkpost import SparkPostChannel
from pipeline.errors import SettingError
from pipeline.outbox.letter import Channel


class MailApi(Channel, Protocol):
    """A channel to a provider's mail API.

    Attributes:
        api_url: Where it is.
    """

    api_url: str


# Every way out that leaves this machine.
_APIS: dict[str, Callable[[], MailApi]] = {
    "brevo": BrevoChannel.from_settings,
    "mailgun": MailgunChannel.from_settings,
    "mailjet": MailjetChannel.from_settings,
    "postmark": PostmarkChannel.from_settings,
    "resend": ResendChannel.from_settings,
    "sendgrid": SendGridChannel.from_settings,
    "ses": SesChannel.from_settings,
    "smtp": SmtpChannel.from_settings,
    "sparkpost": SparkPostChannel.from_settings,
}


def open_channel(name: str, *, demo: bool) -> Channel:
    """The channel that newsletters go out by.

    Args:
        name: Its name in ``MERIDIAN_MAIL_API``.
        demo: True if clinic.toml says so: then the folder is the only way out.

    Raises:
        SettingError: There is no such channel, or it may not or cannot send as things are set.
    """
    if name == "folder":
        return FolderChannel(settings.MERIDIAN_HOME / "outbox")
    if name not in _APIS:
        known = ", ".join(["folder", *sorted(_APIS)])
        raise SettingError(
            f"MERIDIAN_MAIL_API is {name!r}, and there is no such way out",
            mend=f"Choose one of: {known}.",
        )
    if demo:
        raise SettingError(
            f"clinic.toml says demo = true, so the way out {name!r} is refused",
            mend='Take "demo = true" out of it when your own texts and readers are in, or set '
            "MERIDIAN_MAIL_API to folder.",
        )
    channel = _APIS[name]()
    _preflight(channel.api_url)
    return channel


def _preflight(api_url: str) -> None:
    """Links in emails and keys on the wire need https, except to a server on this machine."""
    api = urlsplit(api_url)
    if is_loopback(api.hostname or ""):
        return
    # A mail server asks for its own kind of TLS, by its own settings.
    if api.scheme not in {"https", "smtp"}:
        raise SettingError(
            f"the mail API at {api.hostname} is not asked by https",
            mend="Write its address with https://: it is sent your key.",
        )
    if urlsplit(settings.MERIDIAN_URL).scheme != "https":
        raise SettingError(
            f"MERIDIAN_URL is {settings.MERIDIAN_URL}, where no reader could unsubscribe",
            mend="Set it to the public https address of your Meridian.",
        )
