"""Lakala's scan payments: an acquirer with a public test environment."""

from pos_app.wire.gateways.lakala.account import ADDRESS, FIELDS, NAME
from pos_app.wire.gateways.lakala.client import RULES, Lakala

__all__ = ["ADDRESS", "FIELDS", "NAME", "RULES", "Lakala"]
