"""The platform's disk: the only room that says SQL."""
