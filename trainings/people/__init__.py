"""Identities, sealed; each look at them is logged first."""
