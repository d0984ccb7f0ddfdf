"""Two readers score each candidate, blind to each other until both have.

See docs/decisions/2026-11-28-readers.md.
"""
