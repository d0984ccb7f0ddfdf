"""What is compiled: templates once for all starts, addresses when a page first names them.

Templates are kept in the instance folder, where reading one is forty times as fast as compiling.

What is read there is run. So each file carries a code under the installation's key, over the
template's name and the compiled text: what anybody else put there is not looked at. Jinja itself
compares the digest of the template and the version of Python. Where nothing can be kept, it only
takes longer. See docs/decisions/2026-11-29-starts.md.
"""

from __future__ import annotations

import hashlib
import hmac
import io
import os
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from werkzeug.routing import Rule

FOLDER = "compiled-templates"
_Build = Callable[..., tuple[str, str]]
_CODE = hashlib.sha256().digest_size


def init_app(app: Flask) -> None:
    """Keep templates in this installation's folder; compile addresses later."""
    app.url_rule_class = LazyRule
    settings = app.extensions["settings"]
    cache = CompiledTemplates(settings.instance / FOLDER, settings.keys.cookie)
    app.jinja_options = {**app.jinja_options, "bytecode_cache": cache}


class CompiledTemplates(BytecodeCache):
    """Compiled templates on disk, one file each."""

    def __init__(self, folder: Path, key: str) -> None:
        self._folder = folder
        self._key = hashlib.sha256(f"compiled templates|{key}".encode()).digest()

    def load_bytecode(self, bucket: Bucket) -> None:
        """Read what was kept for a template, if it is ours."""
        with suppress(OSError):
            kept = self._path(bucket).read_bytes()
            code, compiled = kept[:_CODE], kept[_CODE:]
            if hmac.compare_digest(code, self._code(bucket, compiled)):
                bucket.load_bytecode(io.BytesIO(compiled))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep a compiled template, whole or not at all."""
        out = io.BytesIO()
        bucket.write_bytecode(out)
        compiled, path = out.getvalue(), self._path(bucket)
        part = path.with_suffix(f".{os.getpid()}-{threading.get_ident()}")
        with suppress(OSError):
            self._folder.mkdir(mode=0o700, exist_ok=True)
            part.write_bytes(self._code(bucket, compiled) + compiled)
            part.rename(path)

    def _path(self, bucket: Bucket) -> Path:
        return self._folder / bucket.key

    def _code(self, bucket: Bucket, compiled: bytes) -> bytes:
        return hmac.digest(self._key, bucket.key.encode() + b"|" + compiled, "sha256")


class LazyRule(Rule):
    """A route; Werkzeug would compile a program for its address at once, an eighth of a start."""

    def _compile_builder(self, append_unknown: bool = True) -> _Build:
        compiled: list[_Build] = []

        def build(rule: Rule, **values: Any) -> tuple[str, str]:
            if not compiled:
                compiled.append(Rule._compile_builder(rule, append_unknown))
            return compiled[0](rule, **values)

        return build
