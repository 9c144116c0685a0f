"""`--exec`: plain commands, as GNU parallel runs them. See "Plain commands" in docs/design.md."""
