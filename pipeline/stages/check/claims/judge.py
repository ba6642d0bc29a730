"""One line of a file of sentences: ``{id, lang, text}`` in, ``{id, level, codes}`` out.

Each sentence is judged for itself, as the default profile does, by the packs of its language.
"""

import json

from pipeline.errors import SourceError
from pipeline.stages.check.claims.lint import lint
from pipeline.stages.check.claims.profiles import DEFAULT

Judged = dict[str, object]
LARGEST = 2_000_000


def judge(line: bytes) -> Judged:
    """The verdict on one line of JSON, in UTF-8.

    Returns:
        ``id`` as it was given, ``level`` as "error", "warn" or "none", and ``codes`` of the rules.

    Raises:
        SourceError: It is not such an object; the message says what is wrong with it.
    """
    told = _told(line)
    claims = lint(str(told["text"]), language=str(told["lang"]), profile=DEFAULT)
    levels = {claim.level for claim in claims}
    return {
        "id": told["id"],
        "level": "error" if "error" in levels else "warn" if levels else "none",
        "codes": list(dict.fromkeys(claim.rule.code for claim in claims)),
    }


def _told(line: bytes) -> Judged:
    if len(line) > LARGEST:
        raise SourceError("the line is longer than 2 MB", mend="Give one sentence a line.")
    try:
        told = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise SourceError("this is not text in UTF-8", mend="Save the file as UTF-8.") from error
    except (json.JSONDecodeError, RecursionError) as error:
        raise SourceError(
            f"this is not JSON: {getattr(error, 'msg', 'too deep')}",
            mend='Write each line as {"id": 1, "lang": "en", "text": "…"}.',
        ) from error
    if not isinstance(told, dict):
        raise SourceError(
            "this is no object", mend='Write each line as {"id": 1, "lang": "en", "text": "…"}.'
        )
    for key, kinds in (("id", (str, int)), ("lang", (str,)), ("text", (str,))):
        if key not in told:
            raise SourceError(f"{key} is missing", mend="Each line has id, lang and text.")
        if not isinstance(told[key], kinds):
            raise SourceError(f"{key} is no text", mend='Write it in "quotes".')
    return told
