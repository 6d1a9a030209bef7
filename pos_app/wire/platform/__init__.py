"""Speaks `docs/protocol.md`."""
