"""What the calls of Python claim: plugin.py is asked, the others know the parts."""
