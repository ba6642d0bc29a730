"""The providers whose webhooks are answered, by name. A new one is one file and one line here."""

from collections.abc import Mapping

from pipeline.web.hooks.brevo import BrevoHook
from pipeline.web.hooks.hook import Hook
from pipeline.web.hooks.mailgun import MailgunHook
from pipeline.web.hooks.mailjet import MailjetHook
from pipeline.web.hooks.postmark import PostmarkHook
from pipeline.web.hooks.resend import ResendHook
from pipeline.web.hooks.sendgrid import SendGridHook
from pipeline.web.hooks.ses import SesHook
from pipeline.web.hooks.sparkpost import SparkPostHook

_ALL: tuple[type[Hook], ...] = (
    BrevoHook,
    MailgunHook,
    MailjetHook,
    PostmarkHook,
    ResendHook,
    SendGridHook,
    SesHook,
    SparkPostHook,
)
HOOKS: Mapping[str, Hook] = {hook.name: hook() for hook in _ALL}
