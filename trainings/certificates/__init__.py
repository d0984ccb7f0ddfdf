"""Certificates: who earns one, issuing, revoking, reissuing and exceptions."""
