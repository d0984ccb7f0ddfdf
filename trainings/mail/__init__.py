"""Emails: written to an outbox together with the action that causes them, and sent from there."""
