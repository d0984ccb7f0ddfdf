"""How fast Trainings is: ``script/bench`` runs each module here and prints its table.

A module has ``TITLE`` and ``rows()``, which yields (what, measured, aim). It measures on an
installation of its own (``benchmarks.installation``) and reports medians.
"""
