"""Papers of a course: badges, name tents, attendance sheets, letters."""
