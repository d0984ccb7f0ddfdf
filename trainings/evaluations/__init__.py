"""What participants think of a course: given without a name, shown five at a time."""
