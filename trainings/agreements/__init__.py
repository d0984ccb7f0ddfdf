"""Agreements: an agency organises a course, and signs for it, once its own people have agreed."""
