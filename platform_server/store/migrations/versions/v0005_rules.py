"""Rules at reserve and what they count."""

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Nothing yet."""
