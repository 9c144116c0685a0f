"""Two commands in turn, A B A B …, in one run: medians, spread and the ratio pair by pair. Results are kept with the machine's facts."""

from __future__ import annotations

import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timezone
from pathlib import Path

RESULTS = Path(__file__).parent / "results"


def seconds(argv: Sequence[str], cwd: Path, env: dict[str, str]) -> float:
    """Wall time of one whole process. Raises when it fails: a run that failed is no measurement."""
    started = time.perf_counter()
    done = subprocess.run(argv, cwd=cwd, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    taken = time.perf_counter() - started
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(argv)} exited with {done.returncode}:\n{done.stdout}{done.stderr}")
    return taken


def in_turn(
    a: Sequence[str],
    b: Sequence[str],
    *,
    cwd: Path,
    runs: int,
    before: Callable[[], object] = lambda: None,
    env: dict[str, str] | None = None,
) -> dict[str, object]:
    """Both commands, one warm-up each and then `runs` pairs. `before` prepares the folder for each run."""
    environ = {**os.environ, **(env or {})}
    times: dict[str, list[float]] = {"a": [], "b": []}
    for round_number in range(runs + 1):
        for name, argv in (("a", a), ("b", b)):
            before()
            taken = seconds(argv, cwd, environ)
            if round_number:
                times[name].append(taken)
    ratios = [x / y for x, y in zip(times["a"], times["b"], strict=True)]
    return {
        "a": " ".join([Path(a[0]).name, *a[1:]]),
        "b": " ".join([Path(b[0]).name, *b[1:]]),
        "runs": runs,
        **{f"{name}_seconds": _spread(values) for name, values in times.items()},
        "ratio": _spread(ratios),
    }


def _spread(values: Sequence[float]) -> dict[str, float]:
    return {"min": round(min(values), 4), "median": round(statistics.median(values), 4), "max": round(max(values), 4)}


def report(name: str, result: dict[str, object], *, bar: float | None = None) -> bool:
    """Print one comparison and keep it; whether the median ratio is within the bar."""
    ratio = result["ratio"]
    assert isinstance(ratio, dict)
    print(f"{name}: {result['a']} against {result['b']}, {result['runs']} pairs")
    for side in ("a", "b"):
        print(f"  {side}  {result[f'{side}_seconds']} s")
    print(f"  ratio {ratio}" + (f", bar {bar}" if bar else ""))
    RESULTS.mkdir(exist_ok=True)
    document = {
        "name": name,
        "date": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        "machine": machine(),
        "bar": bar,
        **result,
    }
    (RESULTS / f"{name}.json").write_text(json.dumps(document, indent=1) + "\n")
    return bar is None or ratio["median"] <= bar


def machine() -> dict[str, object]:
    """What the numbers depend on."""
    return {
        "cores": len(os.sched_getaffinity(0)),
        "cgroup_quota": cgroup_quota(),
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "load_before": os.getloadavg()[0],
    }


def cgroup_quota() -> float | None:
    """The cores that the outermost visible cgroup grants; None without a limit."""
    for names in (("cpu.max",), ("cpu/cpu.cfs_quota_us", "cpu/cpu.cfs_period_us")):
        try:
            words = " ".join((Path("/sys/fs/cgroup") / name).read_text() for name in names).split()
        except OSError:
            continue
        return float(words[0]) / float(words[1]) if words[0] not in ("max", "-1") else None
    return None


def program(name: str) -> str:
    """A program beside this Python, or on PATH."""
    found = shutil.which(name, path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    if found is None:
        raise SystemExit(f"{name} is not installed: pip install -e '.[dev]'")
    return found
