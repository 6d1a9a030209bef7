"""Shouqianba: one contract for Alipay, WeChat Pay and UnionPay QR."""

from pos_app.wire.gateways.shouqianba.client import RULES, Shouqianba
from pos_app.wire.gateways.shouqianba.terminal import ADDRESS, FIELDS, NAME

__all__ = ["ADDRESS", "FIELDS", "NAME", "RULES", "Shouqianba"]
