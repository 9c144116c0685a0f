"""`--clear-cache`: what was kept of remote Taskfiles is removed."""

from __future__ import annotations

import os
import shutil

from paratask.cli.remote import remote_folder
from paratask.cli.setup import make_workbench
from paratask.errors import TaskfileReadError
from paratask.remote.cache import FOLDER

TYPE_CHECKING = False
if TYPE_CHECKING:
    from paratask.cli.options import Typed


def clear_cache(typed: Typed) -> int:
    """`--clear-cache`: the exit code. The Taskfile says where the cache is, so it is read first. Raises TaskfileError."""
    bench = make_workbench(typed)
    folder = os.path.join(remote_folder(typed, bench.project.root_dir, bench.environ), FOLDER)
    try:
        shutil.rmtree(folder)
    except FileNotFoundError:
        return 0
    except OSError as error:
        raise TaskfileReadError(f"`{folder}` cannot be removed: {error.strerror}") from None
    return 0
