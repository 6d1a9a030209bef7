"""The attention list: everything that is not finished, and the one thing to do about each."""
