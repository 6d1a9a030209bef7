"""What the flows need of the world, each promise in one line."""
