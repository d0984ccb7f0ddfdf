"""Background work: rows with a lease, so that no work is lost when a worker dies."""
