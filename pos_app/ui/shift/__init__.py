"""The shift: opened with its cash, moved by reasons, closed on a blind count."""
