"""Selection: the organiser's list of candidates, decisions, invitations, messages."""
