"""go-task's order of precedence, and a task made ready to run: scopes.py, then preparation.py and filling.py."""
