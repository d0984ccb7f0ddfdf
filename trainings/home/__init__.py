"""The start page of each role: what needs attention, today's sessions, the audit trail, health."""
