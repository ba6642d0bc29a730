"""Reports as mail servers write them, after the examples of RFC 3464 and RFC 5965."""

from pipeline.audience.tokens import bounce_token

BOUNCES = "bounces@mail.example.com"


def way(number: int = 1, token: str = "") -> str:
    """The address that a report of this delivery goes to."""
    return f"bounces+{token or bounce_token(number)}@mail.example.com"


def delivery_report(
    to: str,
    *,
    action: str = "failed",
    status: str = "5.1.1",
    words: str = "smtp; 550 5.1.1 <reader-0@example.com>: no such user",
    header: str = "To",
) -> bytes:
    """RFC 3464, section 2 and appendix E."""
    return f"""\
Return-Path: <>
{header}: {to}
From: MAILER-DAEMON@relay.example.com
Subject: Undelivered Mail Returned to Sender
Date: Tue, 3 Mar 2026 15:04:05 +0100
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b1"

--b1
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--b1
Content-Type: message/delivery-status

Reporting-MTA: dns; relay.example.com
Arrival-Date: Tue, 3 Mar 2026 15:00:00 +0100

Final-Recipient: rfc822; reader-0@example.com
Action: {action}
Status: {status}
Diagnostic-Code: {words}

--b1
Content-Type: text/rfc822-headers

From: letter@harbour-street.example.com
To: reader-0@example.com
Subject: Why Warmth Helps

--b1--
""".replace("\n", "\r\n").encode()


def complaint(way_back: str, *, kind: str = "abuse", field: str = "Original-Mail-From") -> bytes:
    """RFC 5965, appendix B."""
    told = f"{field}: <{way_back}>\n" if field == "Original-Mail-From" else ""
    path = f"Return-Path: <{way_back}>\n" if field == "Return-Path" else ""
    return f"""\
From: <abusedesk@provider.example.com>
Date: Thu, 8 Mar 2026 17:40:36 -0400
Subject: FW: Why Warmth Helps
To: <abuse@harbour-street.example.com>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="b2"

--b2
Content-Type: text/plain; charset="US-ASCII"

This is an email abuse report.
--b2
Content-Type: message/feedback-report

Feedback-Type: {kind}
User-Agent: SomeGenerator/1.0
Version: 1
{told}
--b2
Content-Type: message/rfc822
Content-Disposition: inline

{path}From: letter@harbour-street.example.com
To: reader-0@example.com
Subject: Why Warmth Helps

Warmth helps.
--b2--
""".replace("\n", "\r\n").encode()
