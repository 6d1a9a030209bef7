"""What the shop does: one verb a file."""
