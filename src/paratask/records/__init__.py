"""What a run leaves behind under `.paratask/`: logs.py, summary.py, journal.py, runs.py, history.py. See "State on disk" in docs/design.md."""
