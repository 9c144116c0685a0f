"""`--doctor`: what is missing or suspicious on this machine, in this Taskfile and in what earlier runs left."""
