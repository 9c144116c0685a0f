"""Structured concurrency in one thread: loop.py runs fibers, groups.py holds them together, cancel.py stops them."""
