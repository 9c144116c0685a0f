"""Reporters of other packages, each in a process of its own. See "Reporters" in docs/design.md."""
