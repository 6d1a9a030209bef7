"""Foreign platforms, a folder each; they never import each other."""
