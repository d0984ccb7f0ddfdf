"""The directory of alumni: people who took part in a course find each other and write."""
