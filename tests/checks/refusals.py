"""Check that each refusal has its own code, and that tests assert refusals by their codes.

`make check` runs it: `python -m tests.checks.refusals`. It fails on
- a refusal in the product whose code is not a literal in snake_case, and a code with two different reasons;
- a test that catches a refusal without `tests.refusals`, without a code, or with a code that the product does not have.
It counts the codes that no test asserts; `--unused` lists them.
"""

import ast
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.apps import APPS

HELPER = Path("tests/refusals.py")
REFUSALS = {"Refused", "Missing", "required_text"}  # callables with a reason and a code
SNAKE_CASE = re.compile(r"[a-z]+(_[a-z]+)*")

# Codes with two messages for one reason, and why.
TWO_MESSAGES = {
    "no_meeting_this_year": "one a year is a rule in one regulation, a principle in the other",
    "report_not_delivered": "the regulation names those who receive a report",
}

# Codes of Django's validation errors (`Refused.invalid`).
DJANGO = {
    "unique",
    "unique_together",
    "max_length",
    "password_too_short",
    "password_too_common",
    "password_too_similar",
    "password_entirely_numeric",
}


@dataclass
class Product:
    """The codes of the product with the source strings of their reasons, and the classes of refusals.

    `validations` are the codes of its validators, which `Refused.invalid` turns into refusals.
    """

    codes: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    validations: set[str] = field(default_factory=set)
    classes: set[str] = field(default_factory=lambda: {"Refused"})
    faults: list[str] = field(default_factory=list)


@dataclass
class Tests:
    """The codes that tests assert, and faults in these assertions."""

    asserted: set[str] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)


def _calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    """Yield every call with the last part of the name of its function."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
            yield node.func.id if isinstance(node.func, ast.Name) else node.func.attr, node


# --- the product -----------------------------------------------------------------------------------------------------
class _Module:
    """A module of the product. Finds the source strings of a reason, also through variables."""

    def __init__(self, tree: ast.Module) -> None:
        imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
        names = [name for node in imports if node.module == "django.utils.translation" for name in node.names]
        self.translate = {name.asname or name.name for name in names}
        self.functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
        self.lines = [node for node in ast.walk(tree) if isinstance(node, ast.stmt)]

    def strings(self, node: ast.expr, call: ast.Call) -> set[str]:
        """Return the source strings of `node`, the reason in `call`."""
        if isinstance(node, ast.BinOp):
            return self.strings(node.left, call)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in self.translate:
            return {str(arg.value) for arg in node.args[-1:] if isinstance(arg, ast.Constant)}
        return self._assigned(node.id, call) if isinstance(node, ast.Name) else set()

    def _assigned(self, name: str, call: ast.Call) -> set[str]:
        """Return the strings that a variable may hold at the call.

        Assignments count from the last one back to the first one that is unconditional.
        """
        around = [node for node in self.functions if node.lineno <= call.lineno <= (node.end_lineno or 0)]
        begin = max((node.lineno for node in around), default=0)
        level = max(self.lines, key=lambda node: node.lineno if node.lineno <= call.lineno else 0).col_offset
        found: set[str] = set()
        before = [node for node in self.lines if isinstance(node, ast.Assign) and begin < node.lineno < call.lineno]
        for node in sorted(before, key=lambda node: node.lineno, reverse=True):
            if name in {target.id for target in node.targets if isinstance(target, ast.Name)}:
                found |= self.strings(node.value, call)
                if node.col_offset <= level:
                    break
        return found


def _passes_on(code: ast.expr) -> bool:
    """Return whether the code is passed on from another reason: `code` or `….code`."""
    return any("code" in {getattr(node, "id", ""), getattr(node, "attr", "")} for node in ast.walk(code))


def _add_codes(path: Path, location: str, found: Product) -> None:
    """Add the codes of one module."""
    tree = ast.parse(path.read_text())
    module = _Module(tree)
    for name, call in _calls(tree):
        for code in (keyword.value for keyword in call.keywords if keyword.arg == "code"):
            if isinstance(code, ast.Constant) and isinstance(code.value, str):
                if not SNAKE_CASE.fullmatch(code.value):
                    found.faults.append(f"{location}:{call.lineno}: the code {code.value!r} is not in snake_case")
                if name == "ValidationError":
                    found.validations.add(code.value)
                else:
                    found.codes[code.value] |= {text for arg in call.args for text in module.strings(arg, call)}
            elif name in REFUSALS and not _passes_on(code):
                found.faults.append(f"{location}:{call.lineno}: the code is not a literal")
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and found.classes & {getattr(base, "id", "") for base in node.bases}:
            found.classes.add(node.name)


def read_product(root: Path) -> Product:
    """Return all codes in the apps below `root`."""
    found = Product()
    for path in (path for app in APPS for path in sorted((root / app).rglob("*.py"))):
        _add_codes(path, str(path.relative_to(root)), found)
    for code, reasons in found.codes.items():
        if len(reasons) > 1 and code not in TWO_MESSAGES:
            found.faults.append(f"the code {code!r} stands for more than one reason: {sorted(reasons)}")
    return found


# --- the tests -------------------------------------------------------------------------------------------------------
def read_tests(root: Path, product: Product) -> Tests:
    """Return the assertions of refusals in the tests below `root`."""
    found, known = Tests(), {*product.codes, *product.validations, *DJANGO}
    for path in sorted((root / "tests").rglob("*.py")):
        if path.relative_to(root) == HELPER:
            continue
        tree = ast.parse(path.read_text())
        imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
        imported = {name.name for node in imports if node.module == "tests.refusals" for name in node.names}
        for name, call in _calls(tree):
            location = f"{path.relative_to(root)}:{call.lineno}"
            caught = {getattr(node, "id", "") for arg in call.args[:1] for node in ast.walk(arg)} & product.classes
            if name == "raises" and caught:
                found.faults.append(f"{location}: use `refused` or `refusal` of tests.refusals, with the code")
            if name in imported & {"refused", "refusal"}:
                found.faults += [
                    f"{location}: {fault}" for fault in _code_faults(call.args[name == "refused" :], known)
                ]
        if imported:
            found.asserted |= known & {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    return found


def _code_faults(codes: list[ast.expr], known: set[str]) -> Iterator[str]:
    """Yield faults in the codes of an assertion. A variable is accepted: it takes a code from a table of cases."""
    if not codes:
        yield "the code is missing"
    for code in codes:
        if isinstance(code, ast.Constant):
            if code.value not in known:
                yield f"the product has no code {code.value!r}"
        elif not isinstance(code, ast.Name):
            yield "write the code as a literal"


def main(root: Path, *, unused: bool) -> int:
    """Print the faults and return 1, or print the number of codes and return 0."""
    product = read_product(root)
    tests = read_tests(root, product)
    if faults := [*product.faults, *tests.faults]:
        print("\n".join(faults))
        return 1
    unasserted = sorted(set(product.codes) - tests.asserted)
    if unused:
        print("\n".join(unasserted))
    summary = f"{len(product.codes)} codes of refusals. Tests assert all but {len(unasserted)}, which is allowed"
    print(f"{summary} (--unused lists them).")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(__file__).parents[2], unused="--unused" in sys.argv[1:]))
