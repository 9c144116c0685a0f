"""Claims: pure answers to whether two steps may meet. Start at conflicts.py; model.py has the words."""
