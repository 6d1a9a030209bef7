"""The commands of the platform's wings, a file each."""
