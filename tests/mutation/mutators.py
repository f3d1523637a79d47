"""Mutations: small changes of a Python source, each an exact replacement of one piece of its text.

- `mutations(path, source)`: all mutations of a file, in the order of the text.
- `Mutation.apply(source)`: the changed source; all other text keeps its formatting.
- `KINDS`: the kinds of changes.

Not changed: docstrings, annotations, translated messages, f-strings, `__str__` and `__repr__`, logging, assertions,
decorators, blocks under `if TYPE_CHECKING`.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import cast

KINDS = {
    "comparison": "one comparison operator for its opposite or its neighbour",
    "boolean": "`and` for `or`, `any` for `all`, `|` for `&`, and the reverse",
    "negation": "a dropped `not` or `~`",
    "condition": "a condition that is always true or always false",
    "filter": "`filter` for `exclude` and the reverse, or a dropped lookup",
    "constant": "`True` for `False` and the reverse, as an argument, a default or a result",
    "call": "a dropped call",
    "guard": "a dropped early return, `raise`, `continue` or `break`",
    "order": "the opposite order",
    "extreme": "`min` for `max` and the reverse",
}
SKIPPED_FUNCTIONS = {"__str__", "__repr__"}
SKIPPED_CALLS = {"_", "gettext", "gettext_lazy", "ngettext", "pgettext", "isinstance", "cast", "dataclass", "field"}
LOGGERS = {"logger", "logging"}
SKIPPED_KEYWORDS = {"strict"}  # zip(strict=…) makes a difference only if the code is faulty
EXITS = (ast.Return, ast.Raise, ast.Continue, ast.Break)

COMPARISONS: dict[type[ast.cmpop], tuple[str, str]] = {
    ast.Eq: (r"==", "!="),
    ast.NotEq: (r"!=", "=="),
    ast.Lt: (r"<", "<="),
    ast.LtE: (r"<=", "<"),
    ast.Gt: (r">", ">="),
    ast.GtE: (r">=", ">"),
    ast.In: (r"\bin\b", "not in"),
    ast.NotIn: (r"\bnot\s+in\b", "in"),
    ast.Is: (r"\bis\b", "is not"),
    ast.IsNot: (r"\bis\s+not\b", "is"),
}
NAMES = {
    "any": ("boolean", "all"),
    "all": ("boolean", "any"),
    "min": ("extreme", "max"),
    "max": ("extreme", "min"),
    "Min": ("extreme", "Max"),
    "Max": ("extreme", "Min"),
}
METHODS = {
    "filter": ("filter", "exclude"),
    "exclude": ("filter", "filter"),
    "asc": ("order", "desc"),
    "desc": ("order", "asc"),
}


@dataclass(frozen=True, order=True)
class Mutation:
    """One change: the bytes from `start` to `end` of the file become `text`.

    `lines` are the lines of which one has to run for the change to have an effect; None if the code runs when the
    module is imported.
    """

    path: str
    start: int
    end: int
    text: str
    kind: str
    line: int
    lines: tuple[int, ...] | None

    def apply(self, source: str) -> str:
        """Return the changed source."""
        raw = source.encode()
        return (raw[: self.start] + self.text.encode() + raw[self.end :]).decode()


@dataclass(frozen=True)
class Position:
    """A position in the walk: the lines of the innermost statement, and whether it is inside a function."""

    lines: tuple[int, ...] = ()
    in_function: bool = False


def mutations(path: str, source: str) -> list[Mutation]:
    """Return all mutations of a file; `path` is stored in them."""
    return sorted(set(_Finder(path, source).walk(ast.parse(source), Position())))


class _Finder:
    """Finds the mutations in the syntax tree of one file."""

    def __init__(self, path: str, source: str) -> None:
        self.path, self.raw = path, source.encode()
        self.starts = [0]
        for line in self.raw.splitlines(keepends=True):
            self.starts.append(self.starts[-1] + len(line))

    # --- positions ---------------------------------------------------------------------------------------------------
    def start(self, node: ast.expr | ast.stmt | ast.keyword) -> int:
        return self.starts[node.lineno - 1] + node.col_offset

    def end(self, node: ast.expr | ast.stmt | ast.keyword) -> int:
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return self.starts[node.end_lineno - 1] + node.end_col_offset

    def text(self, start: int, end: int) -> str:
        return self.raw[start:end].decode()

    def change(
        self, kind: str, position: Position, node: ast.expr | ast.stmt, start: int, end: int, text: str
    ) -> Mutation:
        line = self.raw.count(b"\n", 0, start) + 1
        own = tuple(range(node.lineno, (node.end_lineno or node.lineno) + 1))
        lines = tuple(sorted({*own, *position.lines})) if position.in_function else None
        return Mutation(self.path, start, end, text, kind, line, lines)

    def replaced(self, pattern: str, text: str, start: int, end: int) -> tuple[int, int, str] | None:
        """Return the replacement of the first match of `pattern` between two positions by `text`."""
        found = re.search(pattern.encode(), self.raw[start:end])
        return (start + found.start(), start + found.end(), text) if found else None

    # --- the walk ----------------------------------------------------------------------------------------------------
    def walk(self, node: ast.AST, position: Position) -> Iterator[Mutation]:
        """Yield the mutations of a node and its descendants."""
        if _skipped(node):
            return
        if isinstance(node, ast.stmt):
            position = Position(_header(node), position.in_function)
        yield from self.changes(node, position)
        if isinstance(node, ast.FunctionDef):
            yield from self.function(node, position)
            return
        if isinstance(node, ast.Lambda):
            position = Position(_header(node), True)
        for name, value in ast.iter_fields(node):
            if name in {"annotation", "returns", "decorator_list"}:
                continue
            for child in value if isinstance(value, list) else [value]:
                if isinstance(child, ast.AST):
                    yield from self.walk(child, position)

    def function(self, node: ast.FunctionDef, position: Position) -> Iterator[Mutation]:
        """Yield the mutations of the body of a function, and of its defaults, whose effect is in the body."""
        body = tuple(range(node.body[0].lineno, (node.end_lineno or node.lineno) + 1))
        for default in (*node.args.defaults, *node.args.kw_defaults):
            if default is not None:
                for change in self.constant(default, Position((), True)):
                    yield replace(change, lines=body)
        for child in node.body:
            yield from self.walk(child, Position(body, True))

    def changes(self, node: ast.AST, position: Position) -> Iterator[Mutation]:
        """Yield the mutations of the node itself."""
        match node:
            case ast.Compare():
                yield from self.comparison(node, position)
            case ast.BoolOp():
                yield from self.boolean(node, position)
            case ast.UnaryOp(op=ast.Not() | ast.Invert()):
                yield from self.negation(node, position)
            case ast.BinOp(op=ast.BitOr() | ast.BitAnd()) | ast.AugAssign(op=ast.BitOr() | ast.BitAnd()):
                yield from self.union(node, position)
            case ast.If() | ast.IfExp() | ast.comprehension():
                yield from self.branch(node, position)
            case ast.Call():
                yield from self.call(node, position)
            case ast.Expr(value=ast.Call()) if not _is_lock(node):
                yield self.change("call", position, node, self.start(node), self.end(node), "pass")
            case ast.Return(value=ast.Constant() as value) | ast.AnnAssign(value=ast.Constant() as value):
                yield from self.constant(value, position)

    # --- the kinds ---------------------------------------------------------------------------------------------------
    def comparison(self, node: ast.Compare, position: Position) -> Iterator[Mutation]:
        for op, (left, right) in zip(node.ops, pairwise([node.left, *node.comparators]), strict=True):
            pattern, text = COMPARISONS[type(op)]
            if found := self.replaced(pattern, text, self.end(left), self.start(right)):
                yield self.change("comparison", position, node, *found)

    def boolean(self, node: ast.BoolOp, position: Position) -> Iterator[Mutation]:
        old, new = ("and", "or") if isinstance(node.op, ast.And) else ("or", "and")
        pieces = []
        for left, right in pairwise(node.values):
            pieces.append(re.sub(rf"\b{old}\b", new, self.text(self.end(left), self.start(right)), count=1))
            pieces.append(self.text(self.start(right), self.end(right)))
        first, last = self.end(node.values[0]), self.end(node.values[-1])
        yield self.change("boolean", position, node, first, last, "".join(pieces))

    def union(self, node: ast.BinOp | ast.AugAssign, position: Position) -> Iterator[Mutation]:
        old, new = ("|", "&") if isinstance(node.op, ast.BitOr) else ("&", "|")
        left, right = (node.left, node.right) if isinstance(node, ast.BinOp) else (node.target, node.value)
        if position.in_function and (found := self.replaced(re.escape(old), new, self.end(left), self.start(right))):
            yield self.change("boolean", position, node, *found)

    def negation(self, node: ast.UnaryOp, position: Position) -> Iterator[Mutation]:
        pattern = r"not\s*" if isinstance(node.op, ast.Not) else "~"
        if found := self.replaced(pattern, "", self.start(node), self.start(node.operand)):
            yield self.change("negation", position, node, *found)

    def branch(self, node: ast.If | ast.IfExp | ast.comprehension, position: Position) -> Iterator[Mutation]:
        if isinstance(node, ast.comprehension):
            for test in node.ifs:
                yield from self.condition(test, position, both=False)
            return
        yield from self.condition(node.test, position, both=not _is_guard(node))
        if _is_guard(node):
            exit_statement = cast(ast.If, node).body[0]
            inside = Position(
                _header(exit_statement), position.in_function
            )  # the change has an effect only if the branch is taken
            yield self.change(
                "guard", inside, exit_statement, self.start(exit_statement), self.end(exit_statement), "pass"
            )

    def condition(self, test: ast.expr, position: Position, *, both: bool) -> Iterator[Mutation]:
        has_walrus = any(isinstance(node, ast.NamedExpr) for node in ast.walk(test))
        old = self.text(self.start(test), self.end(test))
        forced = {"True": f"({old}) or True", "False": f"({old}) and False"}
        for text in ("True", "False") if both else ("True",):
            new = forced[text] if has_walrus else text
            yield self.change("condition", position, test, self.start(test), self.end(test), new)

    def constant(self, node: ast.expr, position: Position) -> Iterator[Mutation]:
        if isinstance(node, ast.Constant) and isinstance(node.value, bool):
            yield self.change("constant", position, node, self.start(node), self.end(node), str(not node.value))

    def call(self, node: ast.Call, position: Position) -> Iterator[Mutation]:
        function = node.func
        name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
        known = (METHODS if isinstance(function, ast.Attribute) else NAMES).get(name)
        if known:
            kind, text = known
            yield self.change(kind, position, node, self.end(function) - len(name), self.end(function), text)
        if name in {"filter", "exclude", "Q"} and (name != "Q" or len(node.args) + len(node.keywords) > 1):
            yield from self.lookups(node, position)
        if name == "order_by":
            yield from self.order(node, position)
        for value in (*node.args, *(word.value for word in node.keywords if word.arg not in SKIPPED_KEYWORDS)):
            yield from self.constant(value, position)

    def lookups(self, node: ast.Call, position: Position) -> Iterator[Mutation]:
        """Drop each argument, with the comma after it, or else the one before it."""
        arguments: list[ast.expr | ast.keyword] = sorted([*node.args, *node.keywords], key=self.start)
        for number, argument in enumerate(arguments):
            if number + 1 < len(arguments):
                start, end = self.start(argument), self.start(arguments[number + 1])
            elif number:
                start, end = self.end(arguments[number - 1]), self.end(argument)
            else:
                start, end = self.start(argument), self.end(node) - 1
            yield self.change("filter", position, node, start, end, "")

    def order(self, node: ast.Call, position: Position) -> Iterator[Mutation]:
        for argument in node.args:
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                field = argument.value
                text = f'"{field[1:] if field.startswith("-") else "-" + field}"'
                yield self.change("order", position, node, self.start(argument), self.end(argument), text)


def _header(node: ast.stmt | ast.Lambda) -> tuple[int, ...]:
    """Return the lines of a statement, without those of the statements inside it."""
    last = node.end_lineno or node.lineno
    body = getattr(node, "body", None)
    if isinstance(body, list) and body:
        last = max(node.lineno, body[0].lineno - 1)
    return tuple(range(node.lineno, last + 1))


def _is_lock(node: ast.Expr) -> bool:
    """Return whether the call only locks a row, which only tests of several processes notice (`test_processes.py`)."""
    return any(isinstance(part, ast.Attribute) and part.attr == "select_for_update" for part in ast.walk(node))


def _is_guard(node: ast.If | ast.IfExp) -> bool:
    """Return whether the branch only leaves the function or the iteration of a loop."""
    return isinstance(node, ast.If) and not node.orelse and len(node.body) == 1 and isinstance(node.body[0], EXITS)


def _skipped(node: ast.AST) -> bool:
    match node:
        case ast.FunctionDef():
            return node.name in SKIPPED_FUNCTIONS
        case ast.Call(func=ast.Name(id=name)):
            return name in SKIPPED_CALLS
        case (
            ast.Call(func=ast.Attribute(value=ast.Name(id=name)))
            | ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=name))))
        ):
            return name in LOGGERS
        case ast.If(test=ast.Name(id="TYPE_CHECKING")):
            return True
        case ast.Assert() | ast.JoinedStr():  # before Python 3.12 positions inside an f-string are wrong
            return True
    return False
