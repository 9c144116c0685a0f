"""Values of `secret: true` variables: what must not be kept or shown, and how it is taken out of texts and of output.

What a command echoes is masked by name, as in task (filling.py); this is for everything else, and goes by the values. Pure.
"""

from __future__ import annotations

from paratask.templating.values import text_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re

MASK = "*****"
SHORTEST = 3
"""Characters that a value must have to be found in texts: without anything shorter, a text would be unreadable, and no secret safer."""


class Secrets:
    """The values known so far. False as long as there are none, which costs whoever asks one look."""

    __slots__ = ("_bytes", "_pattern", "_texts", "longest")

    def __init__(self) -> None:
        self._texts: dict[str, None] = {}
        self._pattern: re.Pattern[str] | None = None
        self._bytes: re.Pattern[bytes] | None = None
        self.longest = 0

    def __bool__(self) -> bool:
        return bool(self._texts)

    def add(self, value: object) -> None:
        """A value, or all that is in a list or map. Each line of a long text is one as well: programs print them apart."""
        if isinstance(value, dict):
            value = list(value.values())
        if isinstance(value, (list, tuple)):
            for item in value:
                self.add(item)
        elif isinstance(value, (str, int, float)) and not isinstance(value, bool):
            text = text_of(value).strip()
            for part in dict.fromkeys((text, *text.splitlines())):
                self._add_text(part.strip())

    def _add_text(self, text: str) -> None:
        if len(text) < SHORTEST or text == MASK or text in self._texts:
            return
        self._texts[text] = None
        self._pattern = self._bytes = None
        self.longest = max(self.longest, len(_encoded(text)))

    def mask(self, text: str) -> str:
        """`text` with every value replaced."""
        return self._of_texts().sub(MASK, text) if self._texts else text

    def mask_all(self, document: object) -> object:
        """`document`, of dicts and lists, with every value in its texts replaced."""
        if not self._texts:
            return document
        if isinstance(document, dict):
            return {self.mask_all(key): self.mask_all(value) for key, value in document.items()}
        if isinstance(document, (list, tuple)):
            return [self.mask_all(item) for item in document]
        return self.mask(document) if isinstance(document, str) else document

    def _of_texts(self) -> re.Pattern[str]:
        if self._pattern is None:
            import re

            self._pattern = re.compile("|".join(map(re.escape, self._longest_first())))
        return self._pattern

    def find(self, data: bytes, start: int) -> re.Match[bytes] | None:
        """The first value in `data` from `start` on; the longest that begins there."""
        if self._bytes is None:
            import re

            self._bytes = re.compile(b"|".join(re.escape(_encoded(text)) for text in self._longest_first()))
        return self._bytes.search(data, start)

    def begins_at(self, data: bytes, start: int) -> int:
        """Where, from `start` on, the rest of `data` may be the beginning of a value; its length where it is none."""
        texts = [_encoded(text) for text in self._texts]
        for at in range(max(start, len(data) - self.longest + 1), len(data)):
            rest = data[at:]
            if any(len(text) > len(rest) and text.startswith(rest) for text in texts):
                return at
        return len(data)

    def _longest_first(self) -> list[str]:
        return sorted(self._texts, key=len, reverse=True)


class MaskedStream:
    """Output that comes in pieces, masked: what may be the beginning of a value waits for what follows."""

    __slots__ = ("_held", "_secrets")

    def __init__(self, secrets: Secrets) -> None:
        self._secrets = secrets
        self._held = b""

    def take(self, data: bytes) -> bytes:
        """One more piece; what may be kept of it and of those before."""
        data = self._held + data
        done: list[bytes] = []
        at = 0
        while True:
            found = self._secrets.find(data, at)
            held = self._secrets.begins_at(data, at)
            if found is None or found.start() >= held:
                break
            done += (data[at : found.start()], MASK.encode())
            at = found.end()
        self._held = data[held:]
        return b"".join((*done, data[at:held]))

    def rest(self) -> bytes:
        """What still waits: nothing follows."""
        held, self._held = self._held, b""
        done: list[bytes] = []
        at = 0
        while (found := self._secrets.find(held, at)) is not None:
            done += (held[at : found.start()], MASK.encode())
            at = found.end()
        return b"".join((*done, held[at:]))


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
