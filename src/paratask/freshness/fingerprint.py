"""The digest of a task's sources, byte for byte go-task's. go-task: fingerprint.ChecksumChecker.checksum.

xxh3 with 128 bits over each file's base name and content, in sorted order, printed as two unpadded hexadecimal numbers.
Knows files, not tasks.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

BLOCK_BYTES = 1 << 18


def digest(paths: Iterable[str]) -> str:
    """The checksum of files. Raises OSError where one cannot be read."""
    import xxhash

    state = xxhash.xxh3_128()
    for path in paths:
        state.update(path.rpartition("/")[2].encode(errors="surrogateescape"))
        with open(path, "rb", buffering=0) as file:
            while block := file.read(BLOCK_BYTES):
                state.update(block)
    value = state.intdigest()
    return f"{value >> 64:x}{value & (1 << 64) - 1:x}"
