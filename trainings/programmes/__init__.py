"""Lessons carried on: findings and lessons of programmes, and what comes of them."""
