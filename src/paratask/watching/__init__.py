"""Running tasks again when their sources change. See "Watching" in docs/design.md."""
