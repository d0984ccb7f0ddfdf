"""How the web is answered: who may ask, what they send, forms, the page's frame, error pages.

See docs/decisions/2026-11-30-web.md.
"""
