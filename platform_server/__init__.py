"""The platform: it holds products, codes and wallets, and answers tills."""

__version__ = "0.1.0"
