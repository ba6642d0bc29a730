"""Lists that were made to harm, read in a process with little memory and time (S27)."""

import subprocess
import sys
import textwrap
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[3]
# Five times what a reading may take: 2 seconds and 200 MB.
CHILD = """
    import resource, sys
    from pathlib import Path
    import django; django.setup()
    from pipeline.audience.lists import open_list
    from pipeline.errors import SourceError
    resource.setrlimit(resource.RLIMIT_AS, (1_000_000_000, 1_000_000_000))
    resource.setrlimit(resource.RLIMIT_CPU, (10, 10))
    path = Path(sys.argv[1])
    try:
        table = open_list(path)
        told = f"{len(table.header)} columns, {sum(1 for _ in table.rows)} rows"
    except SourceError as error:
        told = str(error).replace(str(path), path.name)
    status = Path("/proc/self/status").read_text()
    print(told, int(status.partition("VmHWM:")[2].split()[0]) // 1_000, sep="|")
"""


def in_a_child(path: Path) -> str:
    """What reading a list gives; asserts that it took little memory."""
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(CHILD), path],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    told, megabytes = done.stdout.strip().rsplit("|", 1)
    assert int(megabytes) < 200
    return told


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (lambda: b"a" * 100_000_000, "list.csv, line 1: a row is longer than 1,000,000 letters."),
        (
            lambda: b'email\n"' + b"a" * 50_000_000,
            "list.csv, line 2: a row is longer than 1,000,000",
        ),
        (lambda: b"email\n" + b'"\n",' * 10_000_000, "list.csv, line 2"),
        (lambda: b"a," * 1_000_000, "list.csv, line 1: a row is longer than 1,000,000 letters."),
        (lambda: b"\0" * 50_000_000, "list.csv, line 1: a row is longer than 1,000,000 letters."),
        (lambda: b"email\n" + b"a\0b\n" * 1_000_000, "1 columns, 1000000 rows"),
        (
            lambda: b"\xff\xfe" + b"a\0" * 20_000_000,
            "list.csv, line 1: a row is longer than 1,000,000",
        ),
        (lambda: b"\n" * 5_000_000, "0 columns, 0 rows"),
    ],
)
def test_a_text_without_end(tmp_path: Path, content: Callable[[], bytes], told: str) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(content())
    assert in_a_child(path).startswith(told)


def test_an_address_book_without_end(tmp_path: Path) -> None:
    path = tmp_path / "list.vcf"
    path.write_bytes(b"BEGIN:VCARD\nNOTE:" + b"a\n " * 5_000_000)
    assert in_a_child(path).startswith("list.vcf, line 1: the last card has no end.")


def test_a_workbook_that_bursts(tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part,
    ):
        for _ in range(300):
            part.write(b" " * 1_000_000)
    assert in_a_child(path).startswith("list.xlsx: this workbook unpacks to more than a list")
