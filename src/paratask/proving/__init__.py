"""`--verify`: the same tasks one at a time and side by side, in copies of the checkout, compared. See "Proof" in docs/design.md."""
