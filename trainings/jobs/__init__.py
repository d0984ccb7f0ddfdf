"""Background work: leased rows that a killed worker cannot lose."""
