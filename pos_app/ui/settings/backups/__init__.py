"""The backups panel: the copies of the books, one more, and for the owner one put back."""
