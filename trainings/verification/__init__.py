"""The check page: whether a certificate is genuine."""
