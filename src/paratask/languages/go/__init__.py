"""What the calls of go claim: plugin.py is asked, the others know the parts."""
