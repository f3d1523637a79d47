"""Check that each refusal has a code of its own, and that tests assert refusals by their codes.

`make check` runs it: `python -m tests.checks.refusals`. It fails on
- a refusal of the product whose code is not a literal in snake_case, and a code with two different reasons;
- a test that catches a refusal without `tests.refusals`, or gives it no code, or one that the product does not have.
It counts the codes that no test asserts; `--unused` lists them.
"""

import ast
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOMS = ("portal", "search", "publicity", "meetings")
HELPER = Path("tests/refusals.py")
REFUSALS = {"Refused", "Missing", "required_text"}  # what is called with a reason and its code
SNAKE_CASE = re.compile(r"[a-z]+(_[a-z]+)*")

# Codes that stand for one reason in two wordings, and why.
TWO_WORDINGS = {
    "no_meeting_this_year": "one a year is a rule in one regulation, a principle in the other",
    "report_not_delivered": "the regulation names those who receive a report",
}

# Codes that Django gives to what a validation finds (`Refused.invalid`).
DJANGO = {
    "unique",
    "password_too_short",
    "password_too_common",
    "password_too_similar",
    "password_entirely_numeric",
}


@dataclass
class Product:
    """The codes of the product with the source strings that they stand for, and the classes of refusals.

    `validations` are the codes of its validators; they reach a refusal through `Refused.invalid`.
    """

    codes: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    validations: set[str] = field(default_factory=set)
    classes: set[str] = field(default_factory=lambda: {"Refused"})
    faults: list[str] = field(default_factory=list)


@dataclass
class Tests:
    """The codes that tests assert, and what is wrong with how they do it."""

    asserted: set[str] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)


def _calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    """Every call with the last part of the name that is called."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
            yield node.func.id if isinstance(node.func, ast.Name) else node.func.attr, node


# --- the product -----------------------------------------------------------------------------------------------------
class _Module:
    """One module: finds the source strings of a reason, also where the reason was given a name before."""

    def __init__(self, tree: ast.Module) -> None:
        imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
        names = [name for node in imports if node.module == "django.utils.translation" for name in node.names]
        self.translate = {name.asname or name.name for name in names}
        self.functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
        self.lines = [node for node in ast.walk(tree) if isinstance(node, ast.stmt)]

    def strings(self, node: ast.expr, call: ast.Call) -> set[str]:
        """The source strings of `node`, a reason in `call`."""
        if isinstance(node, ast.BinOp):
            return self.strings(node.left, call)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in self.translate:
            return {str(arg.value) for arg in node.args[-1:] if isinstance(arg, ast.Constant)}
        return self._assigned(node.id, call) if isinstance(node, ast.Name) else set()

    def _assigned(self, name: str, call: ast.Call) -> set[str]:
        """What a name may hold at the call: from its last assignment back to one that is always run."""
        around = [row for row in self.functions if row.lineno <= call.lineno <= (row.end_lineno or 0)]
        begin = max((row.lineno for row in around), default=0)
        level = max(self.lines, key=lambda row: row.lineno if row.lineno <= call.lineno else 0).col_offset
        found: set[str] = set()
        before = [row for row in self.lines if isinstance(row, ast.Assign) and begin < row.lineno < call.lineno]
        for row in sorted(before, key=lambda row: row.lineno, reverse=True):
            if name in {target.id for target in row.targets if isinstance(target, ast.Name)}:
                found |= self.strings(row.value, call)
                if row.col_offset <= level:
                    break
        return found


def _passes_on(code: ast.expr) -> bool:
    """True if the code is that of another reason: `code`, or `….code`."""
    return any("code" in {getattr(row, "id", ""), getattr(row, "attr", "")} for row in ast.walk(code))


def _codes(path: Path, place: str, found: Product) -> None:
    """Add the codes of one module."""
    tree = ast.parse(path.read_text())
    module = _Module(tree)
    for name, call in _calls(tree):
        for given in (word.value for word in call.keywords if word.arg == "code"):
            if isinstance(given, ast.Constant) and isinstance(given.value, str):
                if not SNAKE_CASE.fullmatch(given.value):
                    found.faults.append(f"{place}:{call.lineno}: the code {given.value!r} is not in snake_case")
                if name == "ValidationError":
                    found.validations.add(given.value)
                else:
                    found.codes[given.value] |= {text for arg in call.args for text in module.strings(arg, call)}
            elif name in REFUSALS and not _passes_on(given):
                found.faults.append(f"{place}:{call.lineno}: the code is not a literal")
    for row in ast.walk(tree):
        if isinstance(row, ast.ClassDef) and found.classes & {getattr(base, "id", "") for base in row.bases}:
            found.classes.add(row.name)


def read_product(root: Path) -> Product:
    """Every code in the rooms below `root`."""
    found = Product()
    for path in (path for room in ROOMS for path in sorted((root / room).rglob("*.py"))):
        _codes(path, str(path.relative_to(root)), found)
    for code, reasons in found.codes.items():
        if len(reasons) > 1 and code not in TWO_WORDINGS:
            found.faults.append(f"the code {code!r} stands for more than one reason: {sorted(reasons)}")
    return found


# --- the tests -------------------------------------------------------------------------------------------------------
def read_tests(root: Path, product: Product) -> Tests:
    """How the tests below `root` assert refusals."""
    found, known = Tests(), {*product.codes, *product.validations, *DJANGO}
    for path in sorted((root / "tests").rglob("*.py")):
        if path.relative_to(root) == HELPER:
            continue
        tree = ast.parse(path.read_text())
        imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
        imported = {name.name for node in imports if node.module == "tests.refusals" for name in node.names}
        for name, call in _calls(tree):
            place = f"{path.relative_to(root)}:{call.lineno}"
            caught = {getattr(row, "id", "") for arg in call.args[:1] for row in ast.walk(arg)} & product.classes
            if name == "raises" and caught:
                found.faults.append(f"{place}: use `refused` or `refusal` of tests.refusals, with the code")
            if name in imported & {"refused", "refusal"}:
                found.faults += [f"{place}: {fault}" for fault in _wrong(call.args[name == "refused" :], known)]
        if imported:
            found.asserted |= known & {row.value for row in ast.walk(tree) if isinstance(row, ast.Constant)}
    return found


def _wrong(given: list[ast.expr], known: set[str]) -> Iterator[str]:
    """What is wrong with the codes of an assertion; a name stands for a code from a table of cases."""
    if not given:
        yield "the code is missing"
    for code in given:
        if isinstance(code, ast.Constant):
            if code.value not in known:
                yield f"the product has no code {code.value!r}"
        elif not isinstance(code, ast.Name):
            yield "write the code as a literal"


def main(root: Path, *, unused: bool) -> int:
    """Print what is wrong, or how many codes there are; 1 if something is wrong, else 0."""
    product = read_product(root)
    tests = read_tests(root, product)
    if faults := [*product.faults, *tests.faults]:
        print("\n".join(faults))
        return 1
    left = sorted(set(product.codes) - tests.asserted)
    if unused:
        print("\n".join(left))
    told = f"{len(product.codes)} codes of refusals; no test asserts {len(left)} of them (--unused lists them)."
    print(told)
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(__file__).parents[2], unused="--unused" in sys.argv[1:]))
