"""The form for other sites: plain HTML that posts to our page, with a script for who wants it."""

from django.conf import settings
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse

from pipeline.errors import SettingError
from pipeline.values import Configuration, Newsletter
from pipeline.web.public.forms import Filled, Shown, consent_wording
from pipeline.web.public.words.joining import JOINING, joining_words


def embeddable_form(
    configuration: Configuration, newsletter: str, *, language: str = "", script: bool = False
) -> str:
    """The form of a newsletter, to be pasted into a page of any site.

    It shows in print what a person agrees to, so it is to be printed anew when the names change.

    Args:
        configuration: What clinic.toml says.
        newsletter: The key of the newsletter.
        language: "en", "ko" or "es"; "" for the newsletter's own.
        script: Whether answers come in the page by our script.

    Raises:
        SettingError: There is no such newsletter, it is private, or we do not speak the language.
    """
    letter = _letter(configuration, newsletter)
    if language and language not in JOINING:
        raise SettingError(
            f"{language!r} is no language of our forms",
            mend=f"Choose one of: {', '.join(JOINING)}.",
        )
    words = joining_words(language, letter.language)
    wording = consent_wording(words, configuration.clinic, letter)
    shown = Shown(newsletter=letter.key, language=words.language, wording=wording)
    values = {
        "words": words,
        "newsletter": letter,
        "filled": Filled(),
        "wording": wording,
        "form": shown.token(),
        "embedded": True,
        "action": settings.MERIDIAN_URL + reverse("join", args=[letter.key]),
        "script": settings.MERIDIAN_URL + static("join.js") if script else "",
    }
    return render_to_string("public/embed.html", values)


def _letter(configuration: Configuration, key: str) -> Newsletter:
    letters = {letter.key: letter for letter in configuration.newsletters}
    if key not in letters:
        raise SettingError(f"there is no newsletter {key}", mend=f"Known: {', '.join(letters)}.")
    if letters[key].private:
        raise SettingError(
            f"{key} is private: nobody joins it by a form",
            mend="Take private = true out of its table in clinic.toml.",
        )
    return letters[key]
