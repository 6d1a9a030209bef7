"""The tables of the sample market, with all its Chinese and English words."""
