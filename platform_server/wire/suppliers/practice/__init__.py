"""The practice supplier: a real HTTP server that behaves as badly as it is told to."""
