"""The screen: it sees the shop and domain values, nothing else."""
