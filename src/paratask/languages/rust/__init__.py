"""What the calls of cargo and rustc claim: plugin.py is asked, the others know the parts."""
