"""The selling page."""
