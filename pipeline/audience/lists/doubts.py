"""Addresses that are well written and still nobody's: of offices, machines, slips (D34)."""

_ROLES = frozenset({
    "abuse", "bounce", "bounces", "daemon", "devnull", "dns", "do-not-reply", "do_not_reply",
    "donotreply", "ftp", "hostmaster", "list", "list-request", "listserv", "mailer-daemon",
    "majordomo", "no-reply", "no_reply", "nobody", "noc", "noreply", "null", "postmaster", "root",
    "security", "spam", "ssladmin", "sysadmin", "undisclosed-recipients", "unsubscribe", "usenet",
    "uucp", "webmaster", "www", "www-data",
})  # fmt: skip
_SLIPS = {
    "gmail.com": "gmial.com gmai.com gmil.com gnail.com gamil.com gmaill.com gmali.com gmail.co"
    " gmail.cm gmail.om gmal.com gmsil.com gimail.com gmaik.com gmail.comm gmail.vom ggmail.com",
    "hotmail.com": "hotmial.com hotmal.com hotmai.com hotmil.com hotmaill.com hotmail.cm"
    " hotmail.comm hotamil.com htomail.com",
    "outlook.com": "outlok.com outloo.com outlock.com outlook.cm outllok.com",
    "yahoo.com": "yaho.com yahooo.com yhaoo.com yahoo.cm yahoo.comm yaoo.com",
    "icloud.com": "iclod.com icloud.co icoud.com icloud.cm icluod.com",
    "naver.com": "nave.com navr.com naver.co naver.cm naver.comm navre.com",
    "hanmail.net": "hanmal.net hanmail.ne hanmail.nte hamail.net",
    "daum.net": "daum.ne daum.nte",
}
_MEANT = {slip: meant for meant, slips in _SLIPS.items() for slip in slips.split()}
# No country and no trade has these.
_ENDINGS = {"con": "com", "cmo": "com", "ocm": "com", "comm": "com", "nte": "net", "ogr": "org"}


def doubt(address: str) -> str:
    """Why a normalised address is not taken in; "" of nearly every one.

    A person who has such an address can still join by a form, and confirm it.
    """
    local, _, domain = address.rpartition("@")
    if local.partition("+")[0] in _ROLES:
        return f"{local}@ is an office or a machine, not a person"
    if domain in _MEANT:
        return f"{domain} looks like a slip for {_MEANT[domain]}"
    name, _, ending = domain.rpartition(".")
    if ending in _ENDINGS:
        return f"{domain} looks like a slip for {name}.{_ENDINGS[ending]}"
    return ""
