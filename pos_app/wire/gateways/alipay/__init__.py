"""Speaks to Alipay's open platform: payments face to face."""
