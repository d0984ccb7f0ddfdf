"""The web server: reads each request whole before using a thread for it, and limits slow clients.

See docs/decisions/2026-11-27-slow-clients.md.
"""
