"""Mails: written into an outbox with the act that causes them, sent from there."""
