"""`--runs`, `--logs`, `--why`, `--stats`: what earlier runs left behind, shown."""
