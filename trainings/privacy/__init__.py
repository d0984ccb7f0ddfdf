"""Erasing people on request, done by the data protection officer."""
