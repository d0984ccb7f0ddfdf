"""What participants think of a course: collected without names, shown five at a time."""
