"""What every domain depends on and what depends on none: settings, database, sealing, languages."""
