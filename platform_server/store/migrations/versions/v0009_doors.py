"""Scopes, keys and callbacks to shops."""

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Nothing yet."""
