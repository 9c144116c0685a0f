"""Whether a task has to run: check.py decides, fingerprint.py digests, globs.py finds the files."""
