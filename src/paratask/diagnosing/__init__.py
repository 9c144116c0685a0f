"""What `--doctor` looks for in a Taskfile. Pure: what is there is told by whoever asks."""
