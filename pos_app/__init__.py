"""The till: a desktop program for the counter of a shop that sells digital goods."""

__version__ = "0.1.0"
