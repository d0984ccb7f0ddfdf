"""A list of trainers that somebody sent: read, shown row by row, and entered whole or not."""
