"""Signatures of certificates: keys, signing, and the signature state of an untrusted file."""
