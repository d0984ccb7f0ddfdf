"""Trainers, and their invitations to courses."""
