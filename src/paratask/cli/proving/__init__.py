"""`--verify`: the same run one at a time and side by side, in copies, compared. See "Proof" in docs/design.md."""
