"""The public contract with language plugins: hookspecs.py is what a plugin implements, manager.py finds them."""
