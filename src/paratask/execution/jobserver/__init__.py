"""Sharing job slots with make, ninja, cargo and a paratask below: the pool of tokens, who understands it, and how commands are told of it."""
