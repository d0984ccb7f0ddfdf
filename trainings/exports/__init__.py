"""Lists that are taken out of the house as files: whole ones at once, names only on request.

A list without names is had with one click. One with names is asked for: what for, in which columns,
approved by a second person where it is large, encrypted, on record, and gone after a day.
"""
