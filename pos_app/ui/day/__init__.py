"""The owner's page: one day in figures, one chart, three tables, two files."""
