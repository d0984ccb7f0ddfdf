"""The screen in the lobby of a course: what takes place now and next, by a secret link."""
