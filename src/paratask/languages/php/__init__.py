"""What the calls of PHP claim: plugin.py is asked, the others know the parts."""
