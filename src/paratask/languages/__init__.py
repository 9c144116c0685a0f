"""What commands claim: shell text, and the plugins for everyday tools; see "Claims" in docs/design.md."""
