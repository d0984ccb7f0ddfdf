"""What a course leaves in the hand: certificates issued, checked, superseded and revoked."""
