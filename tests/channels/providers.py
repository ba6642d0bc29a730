"""Every mail API there is: its server, a channel to it, and what it does differently."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Literal, Protocol

from pipeline.channels.brevo import BrevoChannel
from pipeline.channels.mailgun import MailgunChannel
from pipeline.channels.mailjet import MailjetChannel
from pipeline.channels.postmark import PostmarkChannel
from pipeline.channels.registry import MailApi
from pipeline.channels.resend import ResendChannel
from pipeline.channels.sendgrid import SendGridChannel
from pipeline.channels.ses import SesChannel
from pipeline.channels.sparkpost import SparkPostChannel
from tests.channels import (
    brevo_server,
    mailgun_server,
    mailjet_server,
    postmark_server,
    resend_server,
    sendgrid_server,
    ses_server,
    sparkpost_server,
)
from tests.channels.api_server import ApiServer, Fault
from tests.channels.brevo_server import BrevoServer
from tests.channels.mailgun_server import MailgunServer
from tests.channels.mailjet_server import MailjetServer
from tests.channels.postmark_server import PostmarkServer
from tests.channels.resend_server import ResendServer
from tests.channels.sendgrid_server import SendGridServer
from tests.channels.ses_server import SesServer
from tests.channels.sparkpost_server import SparkPostServer

# Enough on a busy machine, and soon over.
PATIENCE = dt.timedelta(seconds=1)


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
        tracking: Whether tracking is switched off in each call, or by a setting there.
        replays: Whether a second call under the same key is answered as the first was.
        lacks: Headers that the provider writes itself, and takes from nobody.
        capped: Whether it refuses more readers than its batch has; else that is advice.
        at: How the setting that says where it is begins, where not by the name.
    """

    name: str
    who: str
    server: Callable[[], ApiServer]
    settings: Mapping[str, str]
    opened: Callable[[str], Api]
    tells: Literal["which", "how many", "nothing"] = "nothing"
    conflict: Fault | None = None
    tracking: Literal["call", "account"] = "call"
    replays: bool = True
    lacks: frozenset[str] = frozenset()
    capped: bool = True
    at: str = ""

    @property
    def address(self) -> str:
        """The setting that says where it is."""
        return f"{self.at or self.name.upper()}_API_URL"


PROVIDERS = [
    Provider(
        name="brevo",
        who="Brevo",
        server=BrevoServer,
        settings={"BREVO_API_KEY": brevo_server.KEY},
        opened=lambda url: BrevoChannel(api_key=brevo_server.KEY, api_url=url, timeout=PATIENCE),
        tracking="account",
        capped=False,
    ),
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
        name="mailjet",
        who="Mailjet",
        server=MailjetServer,
        settings={
            "MAILJET_API_KEY": mailjet_server.KEY,
            "MAILJET_SECRET_KEY": mailjet_server.SECRET,
        },
        opened=lambda url: MailjetChannel(
            api_key=mailjet_server.KEY,
            secret_key=mailjet_server.SECRET,
            api_url=url,
            timeout=PATIENCE,
        ),
        tells="which",
        replays=False,
        lacks=frozenset({"list-id"}),
    ),
    Provider(
        name="postmark",
        who="Postmark",
        server=PostmarkServer,
        settings={"POSTMARK_SERVER_TOKEN": postmark_server.TOKEN},
        opened=lambda url: PostmarkChannel(
            server_token=postmark_server.TOKEN, api_url=url, timeout=PATIENCE
        ),
        tells="which",
    ),
    Provider(
        name="resend",
        who="Resend",
        server=ResendServer,
        settings={"RESEND_API_KEY": resend_server.KEY},
        opened=lambda url: ResendChannel(api_key=resend_server.KEY, api_url=url, timeout=PATIENCE),
        tells="which",
        conflict=Fault(status=409, body=b'{"name": "invalid_idempotent_request"}'),
        tracking="account",
    ),
    Provider(
        name="sendgrid",
        who="SendGrid",
        server=SendGridServer,
        settings={"SENDGRID_API_KEY": sendgrid_server.KEY},
        opened=lambda url: SendGridChannel(
            api_key=sendgrid_server.KEY, activity=True, api_url=url, timeout=PATIENCE
        ),
    ),
    Provider(
        name="ses",
        who="Amazon SES",
        server=SesServer,
        settings={
            "AMAZON_SES_ACCESS_KEY_ID": ses_server.CREDENTIALS.key_id,
            "AMAZON_SES_SECRET_ACCESS_KEY": ses_server.CREDENTIALS.secret,
            "AMAZON_SES_REGION_NAME": ses_server.CREDENTIALS.region,
            "AMAZON_SES_CONFIGURATION_SET_NAME": ses_server.CONFIGURATION_SET,
        },
        opened=lambda url: SesChannel(
            credentials=ses_server.CREDENTIALS,
            configuration_set=ses_server.CONFIGURATION_SET,
            api_url=url,
            timeout=PATIENCE,
        ),
        at="AMAZON_SES",
    ),
    Provider(
        name="sparkpost",
        who="SparkPost",
        server=SparkPostServer,
        settings={"SPARKPOST_API_KEY": sparkpost_server.KEY},
        opened=lambda url: SparkPostChannel(
            api_key=sparkpost_server.KEY, api_url=url, timeout=PATIENCE
        ),
        tells="how many",
        capped=False,
        conflict=Fault(
            status=409, body=b'{"errors": [{"message": "other payload", "code": "1600"}]}'
        ),
    ),
]

# SendGrid as whoever has it who did not buy its history: one reader a call, and no look-up.
UNTOLD = replace(
    next(provider for provider in PROVIDERS if provider.name == "sendgrid"),
    opened=lambda url: SendGridChannel(api_key=sendgrid_server.KEY, api_url=url, timeout=PATIENCE),
)
