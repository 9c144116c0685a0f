"""A paratask.toml in which everything is commented out, for a repository that has a Taskfile."""

from __future__ import annotations

SETTINGS = """\
# Settings for paratask, beside the Taskfile. All are optional and commented out. Without them, paratask runs neighbouring
# calls side by side if that is safe.

# What evidence is enough for steps to run side by side: "off", "declared", "observed", "inferred" or "all".
# parallel = "inferred"

# With "commands", neighbouring shell commands that are recognised run side by side too: five linters in one `cmds`.
# parallelize = "commands"

# To start carefully: only these tasks, and what they call, run side by side.
# only_parallel = ["lint-*", "check"]

# When a job of a parallel set fails: "sequential" runs it again alone, "stop" stops the others, "continue" lets them run on.
# on_failure = "sequential"

# Limits. Without them, commands share the cores by what earlier runs took.
# max_jobs = "50%"
# load = "80%"
# memory = "1G" # stays available

# What a task touches, if paratask cannot know or is too careful (`paratask --plan TASK` says why something waits).
# [tasks.client]
# reads = ["schema/**"]
# writes = ["packages/web/src/client/**"]

# Two tasks that need one resource `exclusive` never run at the same time.
# [tasks."test-*"]
# exclusive = ["test-database"]

# Further attempts for what fails by chance, and a time limit.
# [tasks.end-to-end]
# retry = { count = 2, wait = "1s" }
# timeout = "5m"
# local = true # its effects stay in this checkout
"""
