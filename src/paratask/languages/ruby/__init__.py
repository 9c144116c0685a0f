"""What the calls of Ruby claim: plugin.py is asked, the others know the parts."""
