"""The ways to a printer, each with the same four verbs and the real cause of every trouble."""
