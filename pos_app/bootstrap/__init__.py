"""Builds everything and wires it together; the only room that knows every adapter."""
