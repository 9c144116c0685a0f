"""What the calls of the programs that every shell has claim: plugin.py is asked, the others know the parts."""
