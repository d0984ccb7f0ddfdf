"""Proposed selections: who should be taken, found by a solver, with a sentence for each person.

Why it is made so: docs/decisions/2026-11-28-selection-proposals.md.
"""
