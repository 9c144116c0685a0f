"""What the calls of programs that speak to clusters and clouds claim: plugin.py is asked, the others know the parts."""
