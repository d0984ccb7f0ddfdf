"""Forms that came when their session had ended: kept sealed for an hour, for their account."""
