"""`--resume`: goes on with an earlier run. See "Going on" in docs/design.md."""
