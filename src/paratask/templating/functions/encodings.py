"""Base64, base32 and digests, of a Go string's bytes. Go: encoding/base64, encoding/base32, crypto, hash/adler32.

A faulty input gives Go's error as text, as sprig does. Knows only the standard alphabets.
"""

from __future__ import annotations

from paratask.templating.values import from_bytes, to_bytes

_BASE64 = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
_BASE32 = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
_PAD = ord("=")


def base64_encode(text: str) -> str:
    """Base64 with padding."""
    import base64

    return base64.b64encode(to_bytes(text)).decode()


def base64_decode(text: str) -> str:
    """The text that base64 stands for."""
    import base64

    data = to_bytes(text)
    fault = _base64_fault(data)
    if fault >= 0:
        return f"illegal base64 data at input byte {fault}"
    return from_bytes(base64.b64decode(_solid(data)))


def base32_encode(text: str) -> str:
    """Base32 with padding."""
    import base64

    return base64.b32encode(to_bytes(text)).decode()


def base32_decode(text: str) -> str:
    """The text that base32 stands for."""
    import base64

    data = _solid(to_bytes(text))
    fault = _base32_fault(data)
    if fault >= 0:
        return f"illegal base32 data at input byte {fault}"
    body = data.rstrip(b"=")
    return from_bytes(base64.b32decode(body + b"=" * (-len(body) % 8)))


def _solid(data: bytes) -> bytes:
    return data.replace(b"\n", b"").replace(b"\r", b"")


def _base64_fault(data: bytes) -> int:
    """The place that Go's decoder complains about; -1 if there is none."""
    taken = 0
    for place, byte in enumerate(data):
        if byte in b"\r\n":
            continue
        if byte not in _BASE64:
            return _base64_padding_fault(data, place, taken % 4) if byte == _PAD else place
        taken += 1
    return len(data) - taken % 4 if taken % 4 else -1


def _base64_padding_fault(data: bytes, place: int, taken: int) -> int:
    if taken < 2:
        return place
    place += 1
    if taken == 2:
        place = _after_line_ends(data, place)
        if place == len(data):
            return place
        if data[place] != _PAD:
            return place - 1
        place += 1
    place = _after_line_ends(data, place)
    return place if place < len(data) else -1


def _after_line_ends(data: bytes, place: int) -> int:
    while place < len(data) and data[place] in b"\r\n":
        place += 1
    return place


def _base32_fault(data: bytes) -> int:
    """The place that Go's decoder complains about; -1 if there is none."""
    size = len(data)
    for place, byte in enumerate(data):
        taken, left = place % 8, size - place - 1
        if byte == _PAD and taken >= 2 and left < 8:
            if left + taken < 7:
                return size
            wrong = next((k for k in range(7 - taken) if k < left and data[place + 1 + k] != _PAD), -1)
            if wrong >= 0:
                return place + wrong
            return place if taken in (3, 6) else -1
        if byte not in _BASE32:
            return place
    return size - size % 8 if size % 8 else -1


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
