"""Carrying out calls: interpreter.py has go-task's rules, process.py the processes, session.py puts a run together."""
