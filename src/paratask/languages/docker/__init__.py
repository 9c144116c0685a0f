"""What the calls of docker, podman and compose claim: plugin.py is asked, the others know the parts."""
