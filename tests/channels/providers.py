"""Every mail API there is: its server, a channel to it, and what it does differently."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

from pipeline.channels.mailgun import MailgunChannel
from pipeline.channels.registry import MailApi
from pipeline.channels.resend import ResendChannel
from tests.channels import mailgun_server, resend_server
from tests.channels.api_server import ApiServer, Fault
from tests.channels.mailgun_server import MailgunServer
from tests.channels.resend_server import ResendServer

# Enough on a busy machine, and soon over.
PATIENCE = dt.timedelta(seconds=2)


class Api(MailApi, Protocol):
    """A mail API that can be closed."""

    def close(self) -> None:
        """Let the connection go."""
        ...


@dataclass(frozen=True, kw_only=True)
class Provider:
    """One mail API.

    Attributes:
        name: In ``MERIDIAN_MAIL_API``.
        who: In messages.
        settings: Anymail's settings, without the address.
        opened: A channel to a server.
        tells: What its answer says of readers it refuses: which, how many, or nothing as it then
            refuses the whole call.
        conflict: The answer to a key used with other bytes, of a provider that knows keys.
        tracking: Whether tracking is switched off in each call, or by a setting of the domain.
    """

    name: str
    who: str
    server: Callable[[], ApiServer]
    settings: Mapping[str, str]
    opened: Callable[[str], Api]
    tells: Literal["which", "how many", "nothing"] = "nothing"
    conflict: Fault | None = None
    tracking: Literal["call", "domain"] = "call"

    @property
    def address(self) -> str:
        """The setting that says where it is."""
        return f"{self.name.upper()}_API_URL"


PROVIDERS = [
    Provider(
        name="mailgun",
        who="Mailgun",
        server=MailgunServer,
        settings={
            "MAILGUN_API_KEY": mailgun_server.KEY,
            "MAILGUN_SENDER_DOMAIN": mailgun_server.DOMAIN,
        },
        opened=lambda url: MailgunChannel(
            api_key=mailgun_server.KEY, domain=mailgun_server.DOMAIN, api_url=url, timeout=PATIENCE
        ),
    ),
    Provider(
        name="resend",
        who="Resend",
        server=ResendServer,
        settings={"RESEND_API_KEY": resend_server.KEY},
        opened=lambda url: ResendChannel(api_key=resend_server.KEY, api_url=url, timeout=PATIENCE),
        tells="which",
        conflict=Fault(status=409, body=b'{"name": "invalid_idempotent_request"}'),
        tracking="domain",
    ),
]
