"""What a trainer has taught so far, for themselves: as a page and as a letter."""
