"""The sample market: a whole assortment with its card codes, made from a seed."""

from platform_server.domain.market.make import Market, make_market

__all__ = ["Market", "make_market"]
