"""Attendance: who was present in each session, and the hours this adds up to."""
