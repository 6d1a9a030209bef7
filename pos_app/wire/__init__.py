"""Everything that leaves by cable."""
