"""Filters and columns of the list of candidates, kept under a name."""
