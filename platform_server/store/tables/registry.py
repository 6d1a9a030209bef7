"""Where every table is known, for migrations and for the test that compares them."""

from __future__ import annotations

from sqlalchemy import MetaData

metadata = MetaData()
