"""What a course asks people, and what they answered: sealed, and erased by a date."""
