"""How fast Trainings is: ``script/bench`` runs each module here and prints its table.

A module has ``TITLE`` and ``rows()``, which yields ``benchmarks.rows.Row``. It measures on an
installation of its own (``benchmarks.installation``) and reports medians; where a row promises a
ratio to a plain baseline, both are measured in turns, and ``script/bench --check`` fails by it.
"""
