"""A course's page for its staff, and its moves from state to state."""
