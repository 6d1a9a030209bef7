"""How this till is set up, what it is, and who works at it."""
