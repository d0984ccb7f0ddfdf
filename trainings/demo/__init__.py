"""Demo data to try the application with: a past course, a coming one, and invented people.

The data is in ``data/*.json``: texts in the four languages, dates as days from the day of the
first load. It is loaded through the same operations that staff use.
"""
