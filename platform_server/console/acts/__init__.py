"""What can be done at the console: each act is its fields, its right, and one call of a flow."""
