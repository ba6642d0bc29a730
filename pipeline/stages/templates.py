"""Where templates are found and how they are filled.

Look-up order: the home's ``templates/``, the checkout's ``templates/``, the ones in the package.
Staff may change templates, so they run in a sandbox, and an unknown name is an error, not "".
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from jinja2 import TemplateNotFound, TemplateSyntaxError

from pipeline.errors import TemplateError
from pipeline.stages.sandbox.budget import WORK, TooMuchError, budget
from pipeline.stages.sandbox.environment import Sandbox
from pipeline.stages.sandbox.loader import within

PACKAGE = Path(__file__).resolve().parents[1]


def folders(home: Path | None = None) -> tuple[Path, ...]:
    """The template folders that exist, first come first served."""
    wanted = [PACKAGE.parent / "templates", PACKAGE / "_templates"]
    if home is not None:
        wanted.insert(0, home / "templates")
    return tuple(dict.fromkeys(path.resolve() for path in wanted if path.is_dir()))


class Templates:
    """The templates of one home."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self._folders = tuple(folders)
        self._environments = {
            kind: Sandbox(self._folders, autoescape=kind == "markup", keep_trailing_newline=True)
            for kind in ("markup", "text")
        }

    def fill(self, name: str, values: Mapping[str, object], *, work: int = WORK) -> str:
        """The template ``name`` filled with ``values``.

        Names ending in ``.mjml`` or ``.html`` escape what they print; all others print it as it is.
        ``work`` is what it may make, see :mod:`pipeline.stages.sandbox.budget`.

        Raises:
            TemplateError: It is missing, does not parse, calls for an unknown name or for something
                the sandbox forbids, or fails in any other way. Names file and line.
        """
        markup = name.endswith((".mjml", ".html"))
        environment = self._environments["markup" if markup else "text"]
        try:
            with budget(work):
                return environment.get_template(name).render(values)
        except Exception as error:  # a template may divide by zero, call itself, add 1 to "a"
            raise _told(error, name) from error

    def path(self, name: str) -> Path:
        """The file of a template that another program fills (a card's typst file).

        Raises:
            TemplateError: No folder has it.
        """
        found = within(self._folders, name)
        if found is not None:
            return found
        raise TemplateError(f"there is no template {name}", path=name)


class Recording(Templates):
    """Templates that keep what they were filled to.

    Attributes:
        filled: By template, each filling in its order.
    """

    def __init__(self, folders: Sequence[Path]) -> None:
        super().__init__(folders)
        self.filled: dict[str, list[str]] = {}

    def fill(self, name: str, values: Mapping[str, object], *, work: int = WORK) -> str:
        """The template ``name`` filled with ``values``; see :meth:`Templates.fill`."""
        made = super().fill(name, values, work=work)
        self.filled.setdefault(name, []).append(made)
        return made


def _told(error: Exception, name: str) -> TemplateError:
    """What went wrong while a template was filled, for the person who changed it."""
    place, line = _where(error, name)
    match error:
        case TemplateNotFound():
            told = f"there is no template {error.name}"
            mend = "Look in templates/ for its right name, or remove your override."
        case TemplateSyntaxError():
            place, line = error.filename or name, error.lineno
            told = f"the template does not parse: {error.message}"
            mend = "Mend this line; the original is in the templates folder of Meridian."
        case TooMuchError():
            told = f"the template makes too much: {error}"
            mend = "Look for a loop in a loop, or a text that grows."
        case _:
            told = f"the template asks for something it cannot have: {error}"
            mend = "Only the values named at the top of the original template are there."
    return TemplateError(told, mend=mend, path=place, line=line)


def _where(error: BaseException, name: str) -> tuple[str, int]:
    """File and line of the innermost template frame of an error raised while filling."""
    place, line, step = name, 0, error.__traceback__
    while step is not None:
        file = step.tb_frame.f_code.co_filename
        if "__jinja_template__" in step.tb_frame.f_globals or file.endswith(
            (".mjml", ".html", ".txt")
        ):
            place, line = file, step.tb_lineno
        step = step.tb_next
    return place, line
