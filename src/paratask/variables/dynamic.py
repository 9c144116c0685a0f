"""`sh:` variables: run once a text, remembered for the run. go-task: Compiler.HandleDynamicVar.

Starts its processes through `run`, which execution provides, and knows nothing of how.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    ShellRun = Callable[[str, str, Mapping[str, str]], Awaitable[str]]


class DynamicValues:
    """The outputs of `sh:` commands, by command text.

    go-task's key is the text alone: the same text in another folder gives the first one's output. `known` lets a plan use what
    the run has learned so far without running anything.
    """

    def __init__(self, run: ShellRun) -> None:
        self._run = run
        self._known: dict[str, str] = {}

    def known(self, command: str) -> str | None:
        return "" if not command else self._known.get(command)

    async def value(self, command: str, folder: str, environment: Mapping[str, str]) -> str:
        """The output less one trailing newline. Raises VariableError when the command fails."""
        if not command:
            return ""
        if command not in self._known:
            output = await self._run(command, folder, environment)
            self._known.setdefault(command, output.removesuffix("\n").removesuffix("\r"))
        return self._known[command]
