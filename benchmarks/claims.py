"""How long it takes to order many steps by their claims. Run: `python benchmarks/claims.py [steps]`."""

from __future__ import annotations

import sys
import time
from itertools import pairwise

from paratask.claims.conflicts import conflict, edges
from paratask.claims.model import Access, Claim, Claims, Evidence, unknown
from paratask.claims.overlap import compile_pattern, overlap


def claims(*, reads: tuple[str, ...] = (), writes: tuple[str, ...] = ()) -> Claims:
    """Inferred claims of these patterns."""
    pairs = [(Access.READ, p) for p in reads] + [(Access.WRITE, p) for p in writes]
    entries = tuple(Claim(access=a, pattern=p, evidence=Evidence.INFERRED, reason="benchmark") for a, p in pairs)
    return Claims(entries=entries, evidence=Evidence.INFERRED)


def folder(index: int) -> Claims:
    """A linter in a package of its own, with the root's settings."""
    here = f"packages/group{index % 50}/p{index}"
    return claims(reads=(f"{here}/**", "pyproject.toml", "package.json"), writes=(f"{here}/.cache/**", f"{here}/dist/*.js"))


def timed(name: str, steps: list[Claims]) -> None:
    """Prints how long `edges` takes, and how many it finds; patterns are compiled anew."""
    compile_pattern.cache_clear()
    start = time.perf_counter()
    found = edges(steps)
    seconds = time.perf_counter() - start
    print(f"{name:44} {len(steps):6} steps {sum(map(len, found)):8} edges {seconds * 1000:9.1f} ms")


def main() -> None:
    """All cases."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 5000
    folders = [folder(index) for index in range(count)]
    timed("a folder each", folders)
    timed("a folder each, twice", [*folders[: count // 2], *folders[: count // 2]])
    timed("one file, written by all", [claims(writes=("out.txt",))] * count)
    timed("everything read by all", [claims(reads=("**",))] * count)
    timed(
        "everything read, a folder written each", [claims(reads=("**/*.py",), writes=(f"o/{i}/*",)) for i in range(count // 10)]
    )
    timed("every tenth not understood", [unknown("?") if i % 10 == 0 else folders[i] for i in range(count)])
    timed("globs at the root", [claims(reads=(f"*{i}.py", "src/**/*.py"), writes=(f"{i}*.txt",)) for i in range(count // 10)])
    start = time.perf_counter()
    for one, other in pairwise(folders):
        conflict(one, other)
    print(f"{'conflict(), pair by pair':44} {(time.perf_counter() - start) / count * 1e6:9.1f} us a pair")
    start = time.perf_counter()
    for _ in range(10_000):
        overlap("packages/api/**", "packages/api/src/*.{ts,tsx}")
    print(f"{'overlap(), two globs':44} {(time.perf_counter() - start) / 10_000 * 1e6:9.1f} us")


if __name__ == "__main__":
    main()
