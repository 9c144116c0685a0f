"""A checkout in memory, seen as plugins see it, with the plugins of languages registered."""

from __future__ import annotations

import posixpath
import shlex

import pluggy

from paratask.claims import conflicts
from paratask.claims.model import Claims, Effect, Evidence, union, unknown
from paratask.claims.overlap import escape
from paratask.plugins import hookspecs
from paratask.plugins.hookspecs import Delegation, Invocation

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ROOT = "/repo"
_MAX_DEPTH = 8


class FakePlace:
    """Implements `paratask.plugins.hookspecs.Place` over `files`, whose paths are relative to the root."""

    root = ROOT

    def __init__(self, files: Mapping[str, str] | None = None) -> None:
        from paratask.languages import go, node, python, rust

        self.files = {posixpath.join(ROOT, name): text for name, text in (files or {}).items()}
        self._plugins = pluggy.PluginManager("paratask")
        self._plugins.add_hookspecs(hookspecs)
        for language in (python, node, rust, go):
            self._plugins.register(language)
        self._depth = 0

    def read_text(self, path: str) -> str | None:
        return self.files.get(path)

    def exists(self, path: str) -> bool:
        return path in self.files or any(name.startswith(path.rstrip("/") + "/") for name in self.files)

    def listdir(self, folder: str) -> tuple[str, ...]:
        start = folder.rstrip("/") + "/"
        return tuple(sorted({name[len(start) :].split("/")[0] for name in self.files if name.startswith(start)}))

    def workspace(self, folder: str, manifests: Sequence[str]) -> str | None:
        while folder == ROOT or folder.startswith(ROOT + "/"):
            if any(self.exists(posixpath.join(folder, name)) for name in manifests):
                return folder
            folder = posixpath.dirname(folder)
        return None

    def pattern(self, path: str, suffix: str = "") -> str:
        if path == ROOT:
            return suffix.lstrip("/") or "."
        if path.startswith(ROOT + "/"):
            return escape(path[len(ROOT) + 1 :]) + suffix
        return escape(path) + suffix

    def recognise(self, invocation: Invocation):
        return self._plugins.hook.recognise(invocation=invocation, place=self)

    def manifests(self) -> set[str]:
        return {name for names in self._plugins.hook.manifests() for name in names}

    def command_claims(self, text: str, cwd: str) -> Claims:
        """Understands `cd X && a b && c`, without any other shell syntax."""
        if self._depth >= _MAX_DEPTH:
            return unknown(f"{text} is started too deep")
        self._depth += 1
        try:
            return self._command_claims(text, cwd)
        finally:
            self._depth -= 1

    def _command_claims(self, text: str, cwd: str) -> Claims:
        parts = []
        for command in text.split("&&"):
            words = tuple(None if "$" in word else word for word in shlex.split(command))
            if words[:1] == ("cd",):
                cwd = posixpath.normpath(posixpath.join(cwd, words[1] or ""))
                continue
            named = [word for word in words if word]
            count = next((i for i, word in enumerate(named) if not word.partition("=")[0].isidentifier() or "=" not in word), 0)
            environment = dict(word.split("=", 1) for word in named[:count])
            parts.append(self.invocation_claims(Invocation(words=words[count:], cwd=cwd, environment=environment)))
        return union(parts)

    def invocation_claims(self, invocation: Invocation) -> Claims:
        found = self.recognise(invocation)
        if found is None:
            return unknown(f"{invocation.words[0]} is not known")
        if isinstance(found, Delegation):
            return found.claims
        return Claims(
            entries=found.claims,
            evidence=Evidence.INFERRED,
            effect=found.effect,
            effect_reason=found.reason if found.effect is Effect.OUTSIDE else "",
        )


def conflict(a: Claims, b: Claims) -> bool:
    """Whether the two may not hold at the same time."""
    return conflicts.conflict(a, b) is not None
