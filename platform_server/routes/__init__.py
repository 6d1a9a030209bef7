"""The doors: HTTP in and out, signed; everything that decides lies below."""
