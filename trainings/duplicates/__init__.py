"""Two entries of the roster that are one person: shown side by side, and merged into one."""
