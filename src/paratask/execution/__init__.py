"""Carrying out calls: interpreter.py has go-task's rules, commands.py what runs for them, session.py puts a run together."""
