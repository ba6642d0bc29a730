"""What the looks of lines say, where a format shows looks: which ones stand out as headings do."""

from collections import Counter
from collections.abc import Sequence

from pipeline.values import Line, plain

# How much larger than the body a line must be to be meant as larger.
_LARGER = 1.15
_LONGEST = 160
# One bold line may be a cry; from two on, it is how this author marks headings.
_MANY = 2
_STOPS = tuple(".。।,;")
_KINDS = ("plain", "item", "heading")


class Looks:
    """The looks of all lines of one text."""

    def __init__(self, lines: Sequence[Line]) -> None:
        letters: Counter[float] = Counter()
        bold = 0
        for line in lines:
            letters[line.size] += len(plain(line.text))
            bold += sum(len(run.text) for run in line.text if run.bold)
        self._body = max(letters, key=lambda size: letters[size], default=0.0)
        self._bold_body = bold * 2 > letters.total()
        outstanding = [line for line in lines if self.stands_out(line)]
        self.mark_headings = len(outstanding) >= _MANY
        stopped = sum(map(_stops, outstanding))
        self._sentences = self.mark_headings and stopped * 2 >= len(outstanding)

    def stands_out(self, line: Line) -> bool:
        """Whether a line is short, and wholly bold or clearly larger than the body."""
        if line.kind not in _KINDS or len(plain(line.text)) > _LONGEST:
            return False
        larger = 0 < line.size >= self._body * _LARGER
        bold = all(run.bold for run in line.text if not run.text.isspace())
        return larger or (bold and not self._bold_body)

    def heads(self, line: Line) -> bool:
        """Whether a line stands out and is no sentence, unless most that stand out are."""
        return self.stands_out(line) and (self._sentences or not _stops(line))


def _stops(line: Line) -> bool:
    return plain(line.text)[-1:] in _STOPS
