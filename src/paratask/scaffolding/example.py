"""The Taskfile that `--init` writes where it finds nothing to build one over."""

EXAMPLE = """\
# What `paratask` and `task` can run here. `paratask --list` shows it, `paratask NAME` runs it.
# Every key: https://taskfile.dev/reference/schema
version: '3'

vars:
  OUT: build

tasks:
  # Runs when no task is named. Neighbouring calls run side by side if they do not touch each other's files;
  # `paratask --plan` shows which do, and why.
  default:
    desc: Check and build everything
    cmds:
      - task: check
      - task: build

  check:
    desc: Look for mistakes
    cmds:
      - echo "Put your linter and your tests here."

  build:
    desc: Build what there is to ship
    aliases: [b]
    # With `sources` and `generates`, a task runs only if something has changed.
    sources:
      - Taskfile.yml
    generates:
      - '{{.OUT}}/hello.txt'
    cmds:
      - mkdir -p {{.OUT}}
      - echo "Put what builds your project here." > {{.OUT}}/hello.txt

  clean:
    desc: Remove what `build` made
    # paratask asks this before the task runs; `--yes` answers yes.
    prompt: Remove {{.OUT}}?
    cmds:
      - rm -rf {{.OUT}}
"""
