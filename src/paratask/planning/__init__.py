"""What will be called, what that claims, and what may therefore run together: expand.py, sets.py, plan.py. Static: runs nothing."""
