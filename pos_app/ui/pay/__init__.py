"""Paying: the left side of the selling page while money is taken, and what stands there when it is in."""
