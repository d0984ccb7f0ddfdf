"""The typefaces for paper: cut once, by the setup or here, and lent to every installation."""

from __future__ import annotations

from pathlib import Path

folder = Path()  # known once pytest has read its settings


def lend(instance: Path) -> None:
    """Let an installation use them; it would spend ten seconds to cut its own."""
    fonts = instance / "fonts"
    if not fonts.exists():
        fonts.symlink_to(folder)
