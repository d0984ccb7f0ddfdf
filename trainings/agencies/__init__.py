"""Agencies with their marks, and functions: the lists that the administrator maintains."""
