"""What the shop knows without a screen, a disk or a wire."""
