"""Addresses from a text are asked with care: no attack of S11 reaches this machine's own doors."""

import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from pipeline.channels import strangers
from pipeline.stages.answers import LinkAnswer
from tests.channels.strangers import Canary, Stranger, canary, stranger

PRIVATE = "is on a private network"
NOBODY = "leads to a host that is not there"
SILENT = "gives no answer, or not in time"


@pytest.fixture
def server() -> Iterator[Stranger]:
    """The stranger."""
    with stranger() as made:
        yield made


@pytest.fixture
def ears() -> Iterator[Canary]:
    """The canary."""
    with canary() as made:
        yield made


def here(host: str) -> Sequence[str]:
    """Every name is this machine."""
    return ["127.0.0.1"]


def look(url: str, server: Stranger, **options: object) -> LinkAnswer:
    """Look with this one door allowed, by an explicit argument."""
    chosen: dict[str, Any] = {"resolve": here, "also": {server.door}, "patience": 3, **options}
    return strangers.look(url, **chosen)


# --- What is there --------------------------------------------------------------------------------


def test_page_that_is_there_is_asked_once_by_head(server: Stranger) -> None:
    assert look(server.url("/200?a=b%20c&d=é#top"), server) == LinkAnswer(status=200)
    assert server.asked == ["HEAD /200?a=b%20c&d=%C3%A9"]


@pytest.mark.parametrize("status", [400, 403, 404, 405, 410, 500, 501, 503])
def test_answer_that_is_not_good_is_asked_for_by_get_as_well(server: Stranger, status: int) -> None:
    assert look(server.url(f"/{status}"), server) == LinkAnswer(status=status)
    assert server.asked == [f"HEAD /{status}", f"GET /{status}"]


def test_server_that_knows_no_head_is_believed_by_get(server: Stranger) -> None:
    assert look(server.url("/get-only"), server) == LinkAnswer(status=200)
    assert server.asked == ["HEAD /get-only", "GET /get-only"]


def test_server_that_is_asked_too_often_is_not_asked_again(server: Stranger) -> None:
    assert look(server.url("/429"), server) == LinkAnswer(status=429)
    assert server.asked == ["HEAD /429"]


def test_size_is_told_and_nothing_is_read(server: Stranger) -> None:
    assert look(server.url("/large"), server) == LinkAnswer(status=200, size=6_000_000_000)


def test_nothing_of_ours_goes_along(server: Stranger) -> None:
    look(server.url("/404"), server)
    assert (
        server.headers
        == [
            {
                "Host": f"good.example.com:{server.port}",
                "Accept-Encoding": "identity",
                "User-Agent": "Meridian-link-check",
                "Accept": "*/*",
                "Connection": "close",
            }
        ]
        * 2
    )


def test_domain_outside_ascii_is_asked_in_punycode(server: Stranger) -> None:
    look(server.url("/200", host="bücher.example"), server)
    assert server.headers[0]["Host"] == f"xn--bcher-kva.example:{server.port}"


# --- Redirects ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "tells"), [(301, True), (308, True), (302, False), (307, False)]
)
def test_redirect_for_good_is_told(server: Stranger, status: int, tells: int) -> None:
    there = server.url("/200")
    answer = look(server.url(f"/{status}?{there}"), server)
    assert answer == LinkAnswer(status=200, moved=there if tells else "")


def test_redirect_to_a_path_stays_at_its_host(server: Stranger) -> None:
    assert look(server.url("/301?/404"), server).moved == server.url("/404")


def test_redirect_without_a_target_is_an_answer(server: Stranger) -> None:
    assert look(server.url("/304"), server) == LinkAnswer(status=304)


def test_three_redirects_are_followed_and_no_fourth(server: Stranger) -> None:
    there = server.url("/200")
    for _ in range(3):
        there = server.url(f"/302?{there.replace('%', '%25')}")
    assert look(there, server).status == 200
    assert len(server.asked) == 4
    again = server.url(f"/302?{there.replace('%', '%25')}")
    assert look(again, server).fault == "leads on and on, more than 3 times"
    assert len(server.asked) == 8


@pytest.mark.parametrize("target", ["http://[", "https://a.example:99999/"])
def test_redirect_that_cannot_be_read_is_told(server: Stranger, target: str) -> None:
    assert "cannot be read" in look(server.url(f"/301?{target}"), server).fault


# --- Attacks (S11) --------------------------------------------------------------------------------

ANY = ".".join("0000")
OWN = [
    *("127.0.0.1", "127.1", "127.0.0.2", ANY, "0", "[::1]", "[::]", "[::ffff:127.0.0.1]"),
    *("[::ffff:10.0.0.1]", "2130706433", "0x7f.1", "0x7f000001", "017700000001", "0177.0.0.1"),
    *("localhost", "LOCALHOST.", "a.localhost", "169.254.169.254", "metadata.google.internal"),
    *("10.0.0.1", "192.168.0.1", "[fe80::1]", "[fe80::1%25lo]", "[::127.0.0.1]", "intranet"),
    *("[64:ff9b::7f00:1]", "[2002:7f00:1::]", "①②⑦.0.0.1", "127。0。0。1", "router.home.arpa"),
]
NOT_WEB = ["file:///etc/passwd", "gopher://x.example.com/", "ftp://x.example.com/", "//x", "x", ""]


def attack(url: str, ears: Canary) -> LinkAnswer:
    """Look at an address of the canary's port, which alone is no reason to refuse it."""
    return strangers.look(url, resolve=here, also={("203.0.113.9", ears.port)}, patience=3)


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("host", OWN)
def test_s11_own_doors_are_not_knocked_at(ears: Canary, scheme: str, host: str) -> None:
    answer = attack(f"{scheme}://{host}:{ears.port}/", ears)
    assert (answer.status, answer.fault) in {(0, PRIVATE), (0, "cannot be read")}
    assert ears.knocks() == 0


def test_s11_name_that_is_this_machine_is_not_asked(ears: Canary) -> None:
    assert attack(f"http://clinic.example.com:{ears.port}/", ears).fault == PRIVATE
    assert ears.knocks() == 0


@pytest.mark.parametrize("host", ["localhost", "a.localhost", "metadata.google.internal", "nas"])
def test_s11_name_of_this_network_is_not_even_looked_up(server: Stranger, host: str) -> None:
    looked_up: list[str] = []

    def resolve(name: str) -> Sequence[str]:
        looked_up.append(name)
        return ["127.0.0.1"]

    assert look(server.url("/200", host=host), server, resolve=resolve).fault == PRIVATE
    assert (looked_up, server.asked) == ([], [])


@pytest.mark.parametrize("host", OWN)
def test_s11_redirect_leads_to_no_own_door(server: Stranger, ears: Canary, host: str) -> None:
    doors = {server.door, ("203.0.113.9", ears.port)}
    target = f"http://{host}:{ears.port}/".replace("%", "%25")
    answer = look(server.url(f"/302?{target}"), server, also=doors)
    assert answer.fault in {PRIVATE, "cannot be read"}
    assert len(server.asked) == 1
    assert ears.knocks() == 0


def test_s11_name_is_looked_up_once_and_the_connection_goes_there(
    server: Stranger, ears: Canary
) -> None:
    """DNS that says one thing when it is judged and another when it is called."""
    answers = iter([["127.0.0.1"], ["127.0.0.2"]])
    answer = look(server.url("/404"), server, resolve=lambda _: next(answers))
    assert answer == LinkAnswer(status=404)
    assert list(answers) == [["127.0.0.2"]]


def test_s11_name_is_judged_anew_after_a_redirect(server: Stranger, ears: Canary) -> None:
    answers = iter([["127.0.0.1"], ["127.0.0.2"]])
    doors = {server.door, ("203.0.113.9", ears.port)}
    target = f"http://good.example.com:{ears.port}/"
    found = look(server.url(f"/301?{target}"), server, also=doors, resolve=lambda _: next(answers))
    assert found.fault == PRIVATE
    assert ears.knocks() == 0


@pytest.mark.parametrize("other", ["10.0.0.1", "::1", "fe80::1%lo", "169.254.169.254"])
def test_s11_one_private_address_spoils_the_others(server: Stranger, other: str) -> None:
    answer = look(server.url("/200"), server, resolve=lambda _: ["127.0.0.1", other])
    assert answer.fault == PRIVATE
    assert server.asked == []


@pytest.mark.parametrize("port", [22, 25, 6379, 8080, 65535])
def test_s11_other_ports_are_not_asked_and_no_name_looked_up(port: int) -> None:
    looked_up: list[str] = []
    answer = strangers.look(f"http://good.example.com:{port}/", resolve=looked_up.append)  # type: ignore[arg-type]
    assert answer.fault == f"asks for the port {port}, where no public page is"
    assert looked_up == []


@pytest.mark.parametrize("url", NOT_WEB)
def test_s11_other_schemes_are_not_asked(url: str) -> None:
    assert strangers.look(url, resolve=here).fault == "is no web address"


@pytest.mark.parametrize(
    "netloc", ["a:b@good.example.com", "a@good.example.com", "@good.example.com"]
)
def test_s11_credentials_are_not_taken_along(server: Stranger, netloc: str) -> None:
    answer = look(server.url("/200", host=netloc), server)
    assert answer.fault == "holds a name or a password before the host"
    assert server.asked == []


@pytest.mark.parametrize(
    "url",
    ["http://[", "http://x:y/", "http://a..b/", f"http://{'a' * 64}.example/", "http://\ud800/"],
)
def test_s11_what_cannot_be_read_is_not_asked(url: str) -> None:
    assert strangers.look(url, resolve=here).fault == "cannot be read"


def test_s11_line_ends_cannot_add_a_header(server: Stranger) -> None:
    look(server.url("/200\r\nX-Evil: 1"), server)
    look(server.url("/301?/200%0d%0aX-Evil: 1"), server)
    assert all("X-Evil" not in headers for headers in server.headers)


def test_s11_a_server_that_drips_is_left_in_time(server: Stranger) -> None:
    """Each byte would begin a time-out anew; the whole look has one end."""
    before = time.monotonic()
    answer = look(server.url("/drip"), server, patience=0.4)
    assert (answer.fault, answer.passing) == (SILENT, True)
    assert time.monotonic() - before < 25


def test_s11_a_server_that_says_nothing_is_left_in_time(ears: Canary) -> None:
    answer = strangers.look(
        f"http://good.example.com:{ears.port}/",
        resolve=here,
        also={("127.0.0.1", ears.port)},
        patience=0.2,
    )
    assert answer.fault == SILENT


def test_server_that_takes_no_connection_may_be_there_later(server: Stranger) -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        door = held.getsockname()
        answer = strangers.look(f"http://good.example.com:{door[1]}/", resolve=here, also={door})
    assert (answer.fault, answer.passing) == (SILENT, True)


def test_s11_time_that_is_over_asks_nothing(server: Stranger) -> None:
    assert look(server.url("/302?/200"), server, patience=0).fault == SILENT


# --- Names ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("found", [[], ["no number"]])
def test_name_without_an_address_is_nobody(server: Stranger, found: list[str]) -> None:
    answer = look(server.url("/200"), server, resolve=lambda _: found)
    assert (answer.fault, answer.passing) == (NOBODY, False)


def test_name_that_is_not_known_is_nobody(server: Stranger) -> None:
    def unknown(_: str) -> Sequence[str]:
        raise socket.gaierror(socket.EAI_NONAME, "not known")

    assert look(server.url("/200"), server, resolve=unknown).fault == NOBODY


def test_name_that_cannot_be_looked_up_now_may_be_there_later(server: Stranger) -> None:
    def away(_: str) -> Sequence[str]:
        raise socket.gaierror(socket.EAI_AGAIN, "try again")

    answer = look(server.url("/200"), server, resolve=away)
    assert (answer.fault, answer.passing) == ("has a host that cannot be looked up now", True)


def test_second_address_is_tried_where_the_first_takes_no_connection(server: Stranger) -> None:
    names = ("127.0.0.3", "127.0.0.1")
    doors = {(name, server.port) for name in names}
    answer = look(
        server.url("/200"), server, also=doors, resolve=lambda _: ["127.0.0.3", "127.0.0.1"]
    )
    assert answer.status == 200


def test_machines_own_resolver_knows_numbers() -> None:
    assert strangers.addresses_of("192.0.2.1") == ["192.0.2.1"]


# --- TLS ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for good.example.com and its key, in one folder."""
    if shutil.which("openssl") is None:
        pytest.skip("needs openssl to make a certificate: apt-get install openssl")
    folder = tmp_path_factory.mktemp("tls")
    name = "subjectAltName=DNS:good.example.com"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30"),
            *("-subj", "/CN=good.example.com", "-addext", name),
            *("-keyout", "key.pem", "-out", "cert.pem"),
        ],
        cwd=folder,
        check=True,
        capture_output=True,
    )
    return folder


@contextmanager
def tls_server(certificate: Path) -> Iterator[tuple[str, int]]:
    """A server that takes one connection over TLS."""

    class Handler(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate / "cert.pem", certificate / "key.pem")
    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.handle_request, daemon=True)
        thread.start()
        yield "127.0.0.1", server.server_address[1]
        thread.join()


def test_certificate_is_that_of_the_name_and_not_of_the_number(certificate: Path) -> None:
    with tls_server(certificate) as door:
        url = f"https://good.example.com:{door[1]}/"
        authorities = str(certificate / "cert.pem")
        answer = strangers.look(url, resolve=here, also={door}, authorities=authorities)
    assert answer == LinkAnswer(status=204)


@pytest.mark.parametrize("host", ["evil.example.com", "good.example.com"])
def test_certificate_that_browsers_refuse_is_told(certificate: Path, host: str) -> None:
    authorities = str(certificate / "cert.pem") if host == "evil.example.com" else None
    with tls_server(certificate) as door:
        url = f"https://{host}:{door[1]}/"
        answer = strangers.look(url, resolve=here, also={door}, authorities=authorities)
    assert answer.fault == "has no certificate that browsers accept"
