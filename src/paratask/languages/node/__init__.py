"""What the calls of Node, its package managers and tools claim: plugin.py is asked, the others know the parts."""
