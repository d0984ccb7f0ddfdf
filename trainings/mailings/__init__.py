"""Emails to very many people of a course: stored as one, written some at a time by the worker."""
