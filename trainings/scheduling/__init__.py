"""The timetable editor: acts on sessions and days, what waits, what to look at.

Why it is made so: docs/decisions/2026-11-28-timetable.md.
"""
