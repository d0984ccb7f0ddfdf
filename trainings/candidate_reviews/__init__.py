"""Two readers score each candidate, blind to each other until both have."""
