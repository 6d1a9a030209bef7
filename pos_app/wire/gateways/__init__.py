"""Speaks to payment gateways: one file or folder each; they never import each other."""
