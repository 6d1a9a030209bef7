"""Practice suppliers: each speaks one protocol and goes wrong in every way listed in the README."""
