"""Practice payment gateways: each keeps money, checks every signature, and goes wrong on command."""
