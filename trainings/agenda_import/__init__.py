"""Agendas that others send, as files or pasted: read, looked through by a person, then entered."""
