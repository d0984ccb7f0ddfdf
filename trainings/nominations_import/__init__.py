"""Nominations as authorities send them: read, looked through by a person, entered whole or not."""
