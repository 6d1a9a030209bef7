"""Parts that every page may use; they know no flow."""
