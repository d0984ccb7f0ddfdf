"""The agenda of a course: sessions, who gives them, and clashes."""
