"""The real machine, as template functions may know it (templating.Machine). Looks only when asked."""

from __future__ import annotations

import os
import sys
import time

from paratask.templating import Machine

TYPE_CHECKING = False
if TYPE_CHECKING:
    import random as random_module
    from collections.abc import Mapping

GO_OS = {"win32": "windows", "cygwin": "windows", "sunos5": "solaris"}
"""Where it is not Python's name without the version that some have: freebsd14, openbsd7."""

GO_ARCH = {
    "x86_64": "amd64", "amd64": "amd64", "aarch64": "arm64", "arm64": "arm64", "i386": "386", "i686": "386", "armv7l": "arm",
    "armv6l": "arm", "ppc64le": "ppc64le", "s390x": "s390x", "riscv64": "riscv64", "loongarch64": "loong64",
}  # fmt: skip


class SystemMachine(Machine):
    """This process's machine, with the environment and working folder it was given."""

    def __init__(self, *, environ: Mapping[str, str], cwd: str) -> None:
        self.os = GO_OS.get(sys.platform, sys.platform.rstrip("0123456789"))
        self.arch = GO_ARCH.get(os.uname().machine, os.uname().machine)
        self.cpu_count = os.cpu_count() or 1
        self.cwd = cwd
        self.environ = environ

    def now(self) -> float:
        return time.time()

    def random(self) -> random_module.Random:
        import random

        return random.SystemRandom()

    def local_offset(self, unix_seconds: float) -> int:
        return time.localtime(unix_seconds).tm_gmtoff
