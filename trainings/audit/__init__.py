"""Who did what: a trail of chained rows, so that any change to them can be detected."""
