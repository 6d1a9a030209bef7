"""The wiring, and the commands that start it."""
