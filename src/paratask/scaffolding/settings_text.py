"""A paratask.toml in which everything is commented out, for a repository that has a Taskfile."""

from __future__ import annotations

SETTINGS = """\
# Settings for paratask, beside the Taskfile. All of them are optional and commented out: without any of them it runs what
# a Taskfile lists, side by side where that is safe.

# How weak the evidence may be for steps to run side by side: "off", "declared", "observed", "inferred" or "all".
# parallel = "inferred"

# Neighbouring shell commands of a task side by side as well, where they are understood: five linters in one `cmds`.
# parallelize = "commands"

# To begin with the harmless ones: only these tasks, and what they call, run side by side.
# only_parallel = ["lint-*", "check"]

# When a job of a parallel set fails: "sequential" runs it again alone, "stop" stops the others, "continue" goes on.
# on_failure = "sequential"

# Limits. Without them commands share the cores by what each was learned to take.
# max_jobs = "50%"
# load = "80%"
# memory = "1G" # stays available

# What a task touches, where paratask cannot tell or is too careful (`paratask --plan TASK` says why something waits).
# [tasks.client]
# reads = ["schema/**"]
# writes = ["packages/web/src/client/**"]

# Two tasks that need one resource `exclusive` never run at the same time.
# [tasks."test-*"]
# exclusive = ["test-database"]

# Further attempts for what fails by chance, and a limit.
# [tasks.end-to-end]
# retry = { count = 2, wait = "1s" }
# timeout = "5m"
# local = true # its effects stay in this checkout
"""
