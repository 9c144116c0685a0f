"""Base64, base32 and digests, of a Go string's bytes. Go: encoding/base64, encoding/base32, crypto, hash/adler32.

A faulty input gives Go's error as text, as sprig does. Knows only the standard alphabets.
"""

from __future__ import annotations

from paratask.templating.values import from_bytes, to_bytes

_BASE64 = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
_BASE32 = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
# How many bits are left over is no fault; how many characters are is.
_PADS = {"base64": {0: 0, 2: 2, 3: 1}, "base32": {0: 0, 2: 6, 4: 4, 5: 3, 7: 1}}


def base64_encode(text: str) -> str:
    """Base64 with padding."""
    import base64

    return base64.b64encode(to_bytes(text)).decode()


def base64_decode(text: str) -> str:
    """The text that base64 stands for."""
    import base64

    fault = _fault(text, "base64", _BASE64, 4)
    return fault or from_bytes(base64.b64decode(_solid(text)))


def base32_encode(text: str) -> str:
    """Base32 with padding."""
    import base64

    return base64.b32encode(to_bytes(text)).decode()


def base32_decode(text: str) -> str:
    """The text that base32 stands for."""
    import base64

    fault = _fault(text, "base32", _BASE32, 8)
    return fault or from_bytes(base64.b32decode(_solid(text)))


def _solid(text: str) -> str:
    return text.replace("\n", "").replace("\r", "")


def _fault(text: str, name: str, alphabet: frozenset[str], group: int) -> str:
    """Go's message for the first character that cannot stand where it does; empty if there is none."""
    data = 0
    for offset, char in enumerate(text):
        if char in "\r\n":
            continue
        if char not in alphabet:
            whole = char == "=" and _PADS[name].get(data % group) == len(_solid(text[offset:])) and data % group
            rest = _solid(text[offset:])
            if whole and rest == "=" * len(rest):
                return ""
            return f"illegal {name} data at input byte {offset}"
        data += 1
    return f"illegal {name} data at input byte {len(text) - data % group}" if data % group else ""


def sha1(text: str) -> str:
    """SHA-1 in hexadecimal."""
    import hashlib

    return hashlib.sha1(to_bytes(text), usedforsecurity=False).hexdigest()


def sha256(text: str) -> str:
    """SHA-256 in hexadecimal."""
    import hashlib

    return hashlib.sha256(to_bytes(text)).hexdigest()


def adler32(text: str) -> str:
    """Adler-32 in decimal."""
    import zlib

    return str(zlib.adler32(to_bytes(text)))
