"""Identities, encrypted; each read is logged before it happens."""
