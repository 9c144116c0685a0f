"""What the calls of git claim: plugin.py is asked, the others know the parts."""
