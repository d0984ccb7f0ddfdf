"""Proposed timetables: what is to be scheduled put on days, into rooms and to trainers by a solver.

Why it is made so: docs/decisions/2026-11-28-proposals.md.
"""
