"""Who did what: a trail whose rows are chained and cannot be changed unseen."""
