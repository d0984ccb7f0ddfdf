"""Who may sign in: accounts, sessions, one-time links, grants, agencies."""
