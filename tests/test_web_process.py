"""The web process reads no files of others, solves nothing and draws nothing itself.

What does that is large, and what it reads may be hostile: it runs in the job worker or in the cage.
A process is started as a web worker is, asks for every page as somebody who may see it, and
says which of these libraries it has loaded.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from tests import world
from tests.conftest import make_settings
from tests.stage import staged
from tests.test_access_matrix import LINES
from trainings.app import create_app
from trainings.core.config import ROOT

FORBIDDEN = {
    *("highspy", "numpy"),  # solvers
    *("lxml", "pikepdf", "pypdfium2", "zxingcpp", "PIL"),  # files and pictures of others
    *("weasyprint", "pydyf", "tinycss2", "cssselect2", "fontTools", "fontpkg_noto_sans"),  # paper
    *("pyhanko", "pyhanko_certvalidator"),  # signing
    *("alembic", "mako", "flask_migrate", "pygments"),  # migrations
    *("trainings.commands", "trainings.demo"),  # what is done from the command line
}
PROGRAM = """
import json, sys
from trainings.serving import worker
app = worker.create_app()
answers = {}
for path, cookie in json.load(sys.stdin):
    client = app.test_client(use_cookies=False)
    answer = client.get(path, headers={"Cookie": cookie})
    answers[path] = answer.status_code
    answer.close()
loaded = sorted({name.partition(".")[0] for name in sys.modules} | set(sys.modules))
json.dump({"answers": answers, "loaded": loaded}, sys.stdout)
"""


def test_it_loads_no_solver_and_no_reader_of_files(
    tmp_path: Path, sqlite_template: Path, key_file: Path
) -> None:
    shutil.copy(sqlite_template, tmp_path / "trainings.sqlite")
    with staged(create_app(make_settings(tmp_path, key_file))) as stage:
        asked = []
        for line in LINES:
            column = next((one for one in world.COLUMNS if line[one].strip() == "200"), None)
            if line["method"] == "GET" and column:
                cookie = stage.clients[column].get_cookie("session_id")
                header = f"session_id={cookie.value}" if cookie else ""
                asked.append((stage.world.path(line["route"]), header))
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM],
            input=json.dumps(asked),
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env=os.environ
            | {"TRAININGS_INSTANCE": str(tmp_path), "TRAININGS_KEYS": str(key_file)}
            | {"DATABASE_URL": ""},
            timeout=300,
            check=True,
        )
    told = json.loads(done.stdout)
    odd = {path: status for path, status in told["answers"].items() if status != 200}
    assert len(odd) < len(asked) / 20, odd  # once-only links and the like
    assert len(asked) > 100
    assert FORBIDDEN & set(told["loaded"]) == set()


def test_the_names_are_those_of_libraries() -> None:
    """A name that is misspelt would forbid nothing."""
    assert [name for name in sorted(FORBIDDEN) if find_spec(name) is None] == []
