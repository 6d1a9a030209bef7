"""Hands that are not there: the main job through the real window, by keys alone, with its picture taken."""
