"""New courses and their settings, section by section; signatures and roles."""
