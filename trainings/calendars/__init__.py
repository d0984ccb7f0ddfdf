"""Agendas for the calendars of phones and computers (iCalendar, RFC 5545)."""
