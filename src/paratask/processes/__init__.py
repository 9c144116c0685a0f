"""Processes of the operating system: starting, ending and finding them, what they write, and what they take of the machine."""
