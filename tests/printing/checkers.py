"""The checkers of PDF files, called in this process: to start one takes longer than its checks."""

import contextlib
import io
import shutil
import subprocess
from pathlib import Path

import outloud.cli
import pdfua.cli


def outloud_says(path: Path) -> str:
    """What a reader aloud would stumble over: PDF/UA-1 and what a validator cannot see."""
    with contextlib.redirect_stdout(io.StringIO()) as told, contextlib.suppress(SystemExit):
        outloud.cli.main([str(path)])
    return told.getvalue()


def pdfua_says(path: Path) -> str:
    """What the rules of PDF/UA-1 that a machine can check say."""
    with contextlib.redirect_stdout(io.StringIO()) as told:
        pdfua.cli.main(["check", str(path)])
    return told.getvalue()


def text_of(path: Path, *options: str) -> str:
    """The words of a file, as poppler's pdftotext reads them."""
    program = shutil.which("pdftotext") or "pdftotext"
    run = subprocess.run([program, *options, path, "-"], capture_output=True, check=True)
    return run.stdout.decode()
