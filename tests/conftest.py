"""For all tests: those that run on a CI service see none of it, since paratask says more there."""

from __future__ import annotations

import os

for _name in ("GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY", "GITHUB_WORKSPACE", "GITLAB_CI", "TF_BUILD"):
    os.environ.pop(_name, None)
