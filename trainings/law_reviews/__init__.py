"""The comparison of laws in a course: planned, frozen, on paper and on the screen."""
