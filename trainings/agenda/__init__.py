"""The hours of a course: sessions, who gives them, and what clashes."""
