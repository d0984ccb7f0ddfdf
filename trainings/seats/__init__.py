"""Seats of a course: blocks, placing, the matrix, the reserve list, offers."""
