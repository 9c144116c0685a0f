"""Taskfiles that are not local: their addresses, fetching them, the cache they share with `task`, and whom to trust."""
