"""The timetable editor: acts on many sessions, what waits, what to look at."""
