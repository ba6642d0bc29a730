"""What logs may say: one line per record, and never a token (S19, S34)."""

import logging
import re

_TOKEN = re.compile(r"(/(?:u|p|confirm|undo|approve)/)[^\"]+", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029]")


class WithoutTokens(logging.Filter):
    """Blanks the tokens in addresses such as ``/u/`` and ``/approve/``; escapes control codes.

    Django and the web server name the path of a request they refuse, and such a path may be a
    token, or one letter short of it. To be set on handlers: a filter on a logger would miss the
    records of the loggers below it.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the record and let it through."""
        message = _TOKEN.sub(r"\1…", record.getMessage())
        record.msg = _CONTROL.sub(lambda char: ascii(char[0])[1:-1], message)
        record.args = ()
        return True
