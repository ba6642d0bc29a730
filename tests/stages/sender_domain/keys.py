"""Public keys of every length, as DKIM records hold them."""

import base64

# Made by openssl for these tests, and thrown away.
REAL_2048 = (
    "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAxwuEgCuLOQ9LX3qX+7RD+RfmI6y+27VgCnpQY8MvlZk1k5xy"
    "ZsGs4M2+bznpUu95VT5k+awi2ujraAtZ+AvzQz+/wCeTOEdNdH2qpjQcWpEWfD2/Pv8YydYH81nvOQxasAEObu4tjy21"
    "yv6O96+qy7a5dJHlyOgoindWf+m6fR3xAQJ5nipSdWnhNxdyYj+Z0yeE3dlWASWf0jvewxrZ4fWXR5q+NK936mHR4Vsf"
    "FJYO2kozAXI+sgpP0Bhs9pl3LAPwe/+Eb9PIgy5uJPBsYjGjvT496bSTjEZfD3bGYveCRHsw33rZWMCrM3+0C0uHRX9C"
    "aQ0gc7mKHw/BXcyPowIDAQAB"
)
REAL_1024 = (
    "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDULYG9BAb6PX0LUJYMwqYnnLhhvKSBc1qSKFksUsBlg4p//vHBGHK9"
    "12b2w8iPqRsfikr/IXVUABYxmeBMVzUQg4NZMvSh4p632H16nYPzz2KOLH5C5ybtqs+Mcl7KpiFxMLSMVRLQLrid+mok"
    "dPXRt4c4Bw7zzWkKy9cvJl+GZwIDAQAB"
)
_RSA = bytes.fromhex("300d06092a864886f70d0101010500")


def rsa(bits: int) -> str:
    """A key of so many bits, in base64; nobody could sign by it."""
    number = _item(0x02, (1 << (bits - 1)).to_bytes(bits // 8 + 1, "big"))
    numbers = _item(0x30, number + _item(0x02, b"\x01\x00\x01"))
    return base64.b64encode(_item(0x30, _RSA + _item(0x03, b"\x00" + numbers))).decode()


def _item(kind: int, content: bytes) -> bytes:
    length = len(content)
    if length < 0x80:
        return bytes([kind, length]) + content
    size = (length.bit_length() + 7) // 8
    return bytes([kind, 0x80 | size]) + length.to_bytes(size, "big") + content
