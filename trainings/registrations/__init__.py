"""Registrations: seats, nominations, selection, the reserve list and its offers."""
