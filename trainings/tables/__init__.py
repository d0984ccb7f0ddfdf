"""Tables of a course, and who sits where."""
