"""Who was there: presence by session, counted into hours."""
