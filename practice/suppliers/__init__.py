"""Practice suppliers: each speaks one protocol and goes wrong in every way that its page lists."""
