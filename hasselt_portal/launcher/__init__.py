"""Starts the portal's processes on one machine and stops them as one: `make run`."""
