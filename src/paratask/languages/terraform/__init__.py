"""What the calls of Terraform and OpenTofu claim: plugin.py is asked, the others know the parts."""
