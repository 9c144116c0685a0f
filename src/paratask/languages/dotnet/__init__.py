"""What the calls of .NET's tools claim: plugin.py is asked, the others know the parts."""
