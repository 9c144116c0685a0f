"""The command line: options.py is the table, main.py picks what to do, one module a thing to do."""
