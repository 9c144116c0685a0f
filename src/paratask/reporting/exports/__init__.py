"""What a run leaves for other programs, and for people elsewhere: one module a format. docs/reference.md has what is in each."""
