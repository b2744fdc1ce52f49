"""Measured comparisons. Each is a command that prints a table and writes results/<name>.json."""
