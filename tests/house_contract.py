"""The arrows between the files of one domain, as a contract for import-linter."""

import re
from typing import Any

from importlinter import Contract, ContractCheck, fields, output


class FilesContract(Contract):
    """A file imports only what stands below it in its own domain, and no act calls an act.

    ``layers`` names the kinds of file, top line first; ``a | b`` must not import each other,
    ``a : b`` may. A file is of the kind that its name ends in: ``health_views.py`` is a view.
    A file whose kind stands in no line is refused.
    """

    layers = fields.ListField(subfield=fields.StringField())
    ignored = fields.SetField(subfield=fields.StringField())

    def check(self, graph: Any, verbose: bool) -> ContractCheck:
        """Every import inside a domain, against the layers."""
        (root,) = self.session_options["root_packages"]
        levels = {
            kind: level
            for level, line in enumerate(self.layers)
            for kind in re.split(r"\s*[|:]\s*", line)
        }
        apart = {level for level, line in enumerate(self.layers) if "|" in line}
        faults = []
        for module in sorted(graph.modules):
            domain, _, file = module.removeprefix(root + ".").partition(".")
            if not file or domain in self.ignored:
                continue
            kind = file.rpartition("_")[2]
            if kind not in levels:
                faults.append(f"{module}: no such kind of file in a domain")
                continue
            for imported in sorted(graph.find_modules_directly_imported_by(module)):
                other_domain, _, other = imported.removeprefix(root + ".").partition(".")
                other_kind = other.rpartition("_")[2]
                if kind == other_kind == "operations":
                    faults.append(f"{module} -> {imported}: an act calls no act; share writes")
                if other_domain != domain or other_kind not in levels or kind == other_kind:
                    continue
                step = levels[other_kind] - levels[kind]
                if step < 0 or (step == 0 and levels[kind] in apart):
                    faults.append(f"{module} -> {imported}")
        return ContractCheck(kept=not faults, metadata={"faults": faults})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """The imports that go up."""
        for fault in check.metadata["faults"]:
            output.print_error(fault, bold=False)
