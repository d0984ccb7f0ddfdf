"""What every domain depends on and what depends on none: settings, rights, database, sealing."""
