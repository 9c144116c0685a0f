"""What jobs were seen to read and write, and what of it becomes claims. See "Observing" in docs/design.md. Pure."""
