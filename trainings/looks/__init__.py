"""The design of a course's certificates, chosen on a specimen."""
