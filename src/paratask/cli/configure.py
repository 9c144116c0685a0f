"""What stands below the command line and the environment: `.taskrc.yml`, and which of go-task's experiments are on.

Looked for at every start, so it costs a few looks at the disk and no more; what is there is read by taskrc.py and experiments.py.
go-task: flags.init, taskrc.GetConfig.
"""

from __future__ import annotations

import os
import sys

from paratask.frozen import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, MutableMapping

    from paratask.cli.experiments import Experiments
    from paratask.cli.options import Typed
    from paratask.cli.taskrc import Configuration

NAMES = (".taskrc.yml", ".taskrc.yaml")
XDG_NAMES = ("taskrc.yml", "taskrc.yaml")
SWITCHES = "TASK_X_"


def configure(typed: Typed, environ: MutableMapping[str, str]) -> Typed:
    """`typed`, filled up. Switches of experiments in a `.env` go to `environ`, as commands are to see them too."""
    folder = typed.text("dir") or os.path.dirname(typed.text("taskfile")) or "."
    if os.path.exists(os.path.join(folder, ".env")):
        from paratask.cli.experiments import read_switches

        environ.update(read_switches(folder))
    paths = list(dict.fromkeys(find_taskrcs(folder, environ)))
    if paths:
        from paratask.cli.taskrc import read_configuration

        configuration = read_configuration(paths)
        typed = replace(typed, values={**configuration.values, **typed.values}, headers=configuration.headers)
        _say_trouble(configuration, typed)
        return _with_experiments(typed, configuration.experiments, environ)
    if any(name.startswith(SWITCHES) for name in environ):
        return _with_experiments(typed, {}, environ)
    return typed


def _with_experiments(typed: Typed, configured: Mapping[str, int], environ: Mapping[str, str]) -> Typed:
    from paratask.cli.experiments import ACTIVE, resolve_experiments

    experiments = resolve_experiments(configured, environ)
    _say_complaint(experiments, typed)
    return replace(typed, experiments=frozenset(name for name in ACTIVE if experiments.enabled(name)))


def _say_trouble(configuration: Configuration, typed: Typed) -> None:
    if not configuration.oddities and configuration.trouble is None:
        return
    from paratask.cli.setup import painter_for
    from paratask.reporting.errors import render_oddities
    from paratask.taskfile.model import NOWHERE, Oddity

    oddities = list(configuration.oddities)
    if configuration.trouble is not None:
        error = configuration.trouble
        oddities.append(Oddity(message=f"{error.message}; the file has no effect", position=error.position or NOWHERE))
    for line in render_oddities(oddities, cwd=os.getcwd(), paint=painter_for(typed, 2)):
        sys.stderr.write(line + "\n")


def _say_complaint(experiments: Experiments, typed: Typed) -> None:
    complaint = experiments.complaint()
    if complaint:
        from paratask.cli.setup import painter_for

        sys.stderr.write(painter_for(typed, 2)("yellow", complaint + "\n"))


def find_taskrcs(folder: str, environ: Mapping[str, str]) -> Iterator[str]:
    """Weakest first: XDG's, the one at home, and those from the root of the file system (or where the owner changes) down."""
    xdg = environ.get("XDG_CONFIG_HOME", "")
    if xdg:
        yield from _first_in(os.path.join(xdg, "task"), XDG_NAMES)
    home = environ.get("HOME", "")
    if home and folder not in home:  # go-task compares the texts, as they are
        yield from _first_in(home, NAMES)
    yield from reversed(list(_above(os.path.abspath(folder))))


def _first_in(folder: str, names: tuple[str, ...]) -> Iterator[str]:
    for name in names:
        path = os.path.join(folder, name)
        if os.path.exists(path):
            yield path
            return


def _above(folder: str) -> Iterator[str]:
    """Nearest first."""
    try:
        owner = os.stat(folder).st_uid
        while True:
            yield from _first_in(folder, NAMES)
            parent = os.path.dirname(folder)
            if parent == folder or os.stat(parent).st_uid != owner:
                return
            folder = parent
    except OSError:
        return
