"""What a CI service is told about a failure, besides what people read."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from paratask.errors import ParataskError


def annotate(error: ParataskError) -> None:
    """Where GitHub Actions runs us, tell it what failed, for the run's front page. go-task: emitCIErrorAnnotation."""
    if os.environ.get("GITHUB_ACTIONS") in ("1", "t", "T", "true", "TRUE", "True"):
        from paratask.reporting.errors import render_annotation

        sys.stdout.write(render_annotation(error) + "\n")
