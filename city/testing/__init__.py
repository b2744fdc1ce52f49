"""Checks of the city's rules that both the suite and a command run."""
