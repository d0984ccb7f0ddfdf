"""A house to try things in: one past course, one ahead, and the invented people in both.

The data stands in ``data/*.json``: texts in the four languages, dates as days from the day of the
first load. It is put in place through the same operations a person at a desk would use.
"""
