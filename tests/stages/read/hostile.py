"""Reading a file in a process with little memory and time, and watching what it asks for."""

import json
import subprocess
import sys
import textwrap
from pathlib import Path

CHECKOUT = Path(__file__).parents[3]
# Five times what a reading may take: 2 seconds and 200 MB; and a word of every file opened and
# every address asked for.
CHILD = """
    import json, resource, sys
    from pathlib import PurePath
    from pipeline.errors import SourceError
    from pipeline.stages.read import read
    resource.setrlimit(resource.RLIMIT_AS, (1_000_000_000, 1_000_000_000))
    resource.setrlimit(resource.RLIMIT_CPU, (10, 10))
    path = PurePath(sys.argv[1])
    content = open(path, "rb").read()
    read(path, bytes.fromhex(sys.argv[2]))  # all modules are loaded now
    asked = []
    watched = ("open", "socket.connect", "socket.getaddrinfo", "os.listdir", "subprocess.Popen")
    sys.addaudithook(lambda event, args: asked.append(event) if event in watched else None)
    try:
        told = [line.text[0].text for line in read(path, content).lines]
    except SourceError as error:
        told = str(error).replace(str(path), path.name)
    print(json.dumps([told, asked]))
"""


def in_a_child(folder: Path, name: str, content: bytes, *, good: bytes) -> list[object]:
    """The words of each line or the error, and what was asked for outside.

    Args:
        folder: Where the file may be written.
        name: Its name.
        content: Its bytes.
        good: A file of its kind, read before the watch begins.
    """
    path = folder / name
    path.write_bytes(content)
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(CHILD), path, good.hex()],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    result: list[object] = json.loads(done.stdout)
    return result
