"""Address books as vCard."""

from pathlib import Path

import pytest

from pipeline.audience.lists import open_list
from pipeline.errors import SourceError

CARDS = """\
BEGIN:VCARD
VERSION:3.0
FN:Ana Ruiz\\, MD
item1.EMAIL;TYPE=INTERNET,WORK:work@example.com
EMAIL;TYPE=HOME,pref:ana@exam
 ple.com
BDAY:1970-01-01
NOTE:EMAIL:nobody@example.com
END:VCARD

BEGIN:VCARD
VERSION:4.0
EMAIL;PREF=2:mailto:second@example.com
EMAIL;PREF=1:mailto:kim@example.com
FN:김민준
LANG:ko
TZ:Asia/Seoul
END:VCARD
BEGIN:VCARD
VERSION:4.0
FN:Nobody
END:VCARD
"""


def rows(path: Path, text: str) -> list[tuple[int, list[str]]]:
    """The rows of an address book."""
    file = path / "book.vcf"
    file.write_text(text, "utf-8")
    return list(open_list(file).rows)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_of_each_card_the_preferred_address(tmp_path: Path, end: str) -> None:
    assert rows(tmp_path, CARDS.replace("\n", end)) == [
        (1, ["ana@example.com", "Ana Ruiz, MD", "", ""]),
        (11, ["kim@example.com", "김민준", "ko", "Asia/Seoul"]),
        (19, ["", "Nobody", "", ""]),
    ]


def test_what_stands_outside_of_cards(tmp_path: Path) -> None:
    assert rows(tmp_path, "EMAIL:a@example.com\nno property\n") == []


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        ("BEGIN:VCARD\nVERSION:2.1\nEND:VCARD\n", 2, "this card is vCard 2.1"),
        ("BEGIN:VCARD\nVERSION:3.0\n", 1, "the last card has no end"),
        ("BEGIN:VCARD\nPHOTO:" + "x" * 1_000_001, 2, "a line is longer than 1,000,000 letters"),
    ],
)
def test_a_book_that_cannot_be_read(tmp_path: Path, text: str, line: int, told: str) -> None:
    with pytest.raises(SourceError) as caught:
        rows(tmp_path, text)
    assert (caught.value.line, caught.value.message) == (line, told)


def test_a_photo_on_many_lines_is_passed_over(tmp_path: Path) -> None:
    photo = "PHOTO:x\n" + " x" * 70 + "\n" + (" " + "x" * 70 + "\n") * 20_000
    card = f"BEGIN:VCARD\nVERSION:3.0\n{photo}EMAIL:a@example.com\nEND:VCARD\n"
    assert rows(tmp_path, card) == [(1, ["a@example.com", "", "", ""])]
