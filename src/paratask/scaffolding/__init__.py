"""What `--init` writes: a Taskfile over the workspaces of a checkout, and files for CI and hooks. Looks through `Place` only."""
