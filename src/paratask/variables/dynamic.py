"""`sh:` variables: run once a text, remembered for the run. go-task: Compiler.HandleDynamicVar.

Starts its processes through `run`, and waits with a `Turn`, which execution provides; knows nothing of how.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine, Mapping
    from typing import Protocol, TypeVar

    class Turn(Protocol):
        """Somebody runs a command; others wait for its end."""

        def set(self) -> None: ...

        async def wait(self) -> None: ...

    ShellRun = Callable[[str, str, Mapping[str, str]], Awaitable[str]]
    T = TypeVar("T")


class DynamicValues:
    """The outputs of `sh:` commands, by command text.

    go-task's key is the text alone: the same text in another folder gives the first one's output. `known` lets a plan use what
    the run has learned so far without running anything. `make_turn` is set where several may ask at the same time, `on_learned`
    where somebody wants to know of each command and its output.
    """

    def __init__(self, run: ShellRun) -> None:
        self._run = run
        self._known: dict[str, str] = {}
        self._running: dict[str, Turn] = {}
        self.changes = 0
        """How often what is known has changed."""

        self.make_turn: Callable[[], Turn] | None = None
        self.on_learned: Callable[[str, str], None] | None = None

    def known(self, command: str) -> str | None:
        return "" if not command else self._known.get(command)

    def forget(self) -> None:
        """Run every command anew from here on. go-task: Compiler.ResetCache."""
        self._known.clear()
        self.changes += 1

    async def value(self, command: str, folder: str, environment: Mapping[str, str], *, secret: bool = False) -> str:
        """The output less one trailing newline. Raises VariableError when the command fails."""
        if not command:
            return ""
        while command not in self._known:
            turn = self._running.get(command)
            if turn is None:
                await self._learn(command, folder, environment)
                if self.on_learned is not None:
                    self.on_learned(command, "*****" if secret else self._known[command])
            else:
                await turn.wait()
        return self._known[command]

    async def _learn(self, command: str, folder: str, environment: Mapping[str, str]) -> None:
        turn = self.make_turn() if self.make_turn is not None else None
        if turn is not None:
            self._running[command] = turn
        try:
            output = await self._run(command, folder, environment)
            self._known[command] = output.removesuffix("\r\n").removesuffix("\n")
            self.changes += 1
        finally:
            if turn is not None:
                del self._running[command]
                turn.set()


def run_static(coroutine: Coroutine[object, object, T]) -> T:
    """The result of a coroutine that has nothing to wait for: preparing a task whose `sh:` variables are not run, outside the loop."""
    try:
        coroutine.send(None)
    except StopIteration as ended:
        return ended.value  # type: ignore[no-any-return]
    coroutine.close()
    raise AssertionError("a plan must not wait for anything")
