"""Where each role starts: what waits, today's sessions, the trail, health."""
