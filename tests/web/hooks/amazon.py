"""Amazon's SNS on this machine: a real key and certificate, served over real TLS.

As docs.aws.amazon.com/sns describes it. The name ``sns.eu-west-1.amazonaws.com`` leads here, and
the certificate of the server is checked for that name against an authority of the tests' own.
"""

import base64
import datetime as dt
import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import requests
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from requests.adapters import HTTPAdapter

from tests.web.hooks.providers import ANA, BATCH, ID, Sent, basic

HOST = "sns.eu-west-1.amazonaws.com"
CERTIFICATE = f"https://{HOST}/SimpleNotificationService-1.pem"
TOPIC = "arn:aws:sns:eu-west-1:123456789012:letters"
HOUR = dt.timedelta(hours=1)


def certificate(key: RSAPrivateKey, *, ends: dt.timedelta = 24 * HOUR) -> x509.Certificate:
    """A certificate for the name, signed by itself."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - 48 * HOUR)
        .not_valid_after(now + ends)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    )
    return made.sign(key, SHA256())


def pem(made: x509.Certificate) -> bytes:
    """As it is served."""
    return made.public_bytes(Encoding.PEM)


class Amazon:
    """The server.

    Attributes:
        asked: The path of every request.
        served: What stands at each path; any other is answered with 404.
        key: What messages are signed with.
        session: Leads the name to this server.
    """

    def __init__(self, folder: Path) -> None:
        self.key = generate_private_key(65537, 2048)
        self.asked: list[str] = []
        own = pem(certificate(self.key))
        self.served = {"/SimpleNotificationService-1.pem": own}
        private = self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        (folder / "server.pem").write_bytes(private + own)
        (folder / "authority.pem").write_bytes(own)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(folder / "server.pem")
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.verify = str(folder / "authority.pem")
        self.session.mount(f"https://{HOST}/", _Here(self._server.server_address[1]))

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        amazon = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                amazon.asked.append(self.path)
                body = amazon.served.get(self.path.partition("?")[0])
                self.send_response(404 if body is None else 200)
                self.send_header("Content-Length", str(len(body or b"")))
                self.end_headers()
                self.wfile.write(body or b"")

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        return Handler

    @contextmanager
    def running(self) -> Iterator["Amazon"]:
        """Serve until the end."""
        thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield self
        finally:
            self.session.close()
            self._server.shutdown()
            thread.join()
            self._server.server_close()

    def message(self, kind: str = "Notification", **more: Any) -> dict[str, Any]:
        """A message, not signed yet."""
        at = dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        told = {"Type": kind, "MessageId": "m-1", "TopicArn": TOPIC, "Timestamp": at, **more}
        if kind != "Notification":
            url = f"https://{HOST}/?Action=ConfirmSubscription&Token=t"
            told = {"Message": "Confirm?", "Token": "t", "SubscribeURL": url, **told}
        return told

    def signed(self, told: dict[str, Any], *, version: str = "2", key: Any = None) -> Sent:
        """The call of a message, with user and password."""
        names = ["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"]
        if told["Type"] != "Notification":
            names = sorted([*names[:2], "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"])
        text = "".join(f"{name}\n{told[name]}\n" for name in names if name in told)
        hash_ = SHA1() if version == "1" else SHA256()  # noqa: S303 (version 1 is that)
        signature = (key or self.key).sign(text.encode(), PKCS1v15(), hash_)
        told = {
            "SignatureVersion": version,
            "Signature": base64.b64encode(signature).decode(),
            "SigningCertURL": CERTIFICATE,
            **told,
        }
        body = json.dumps(told).encode()
        return Sent(provider="ses", body=body, headers=basic(), content_type="text/plain")


class _Here(HTTPAdapter):
    """Leads a name to a port of this machine; TLS asks for the certificate of the name."""

    def __init__(self, port: int) -> None:
        self._port = port
        super().__init__()

    def init_poolmanager(self, *args: Any, **more: Any) -> None:
        super().init_poolmanager(*args, **more, server_hostname=HOST, assert_hostname=HOST)

    def send(self, request: requests.PreparedRequest, *args: Any, **more: Any) -> Any:
        assert request.url is not None
        request.url = request.url.replace(HOST, f"127.0.0.1:{self._port}", 1)
        return super().send(request, *args, **more)


def ses_event(kind: str, **more: Any) -> str:
    """An event of SES as text: it is the message of SNS."""
    header = {"name": "X-Metadata", "value": json.dumps({"batch": BATCH})}
    mail = {"messageId": ID, "destination": [ANA], "headers": [header]}
    return json.dumps({"eventType": kind, "mail": mail, **more})


def bounce(kind: str, sub: str, **recipient: str) -> str:
    """A bounce of Ana's letter."""
    told = {
        "bounceType": kind,
        "bounceSubType": sub,
        "bouncedRecipients": [{"emailAddress": ANA, **recipient}],
    }
    return ses_event("Bounce", bounce=told)


def complaint() -> str:
    """Ana called it spam."""
    return ses_event("Complaint", complaint={"complainedRecipients": [{"emailAddress": ANA}]})
