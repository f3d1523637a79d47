"""Mutations by kind: a source and the expected changed sources."""

import textwrap

import pytest

from tests.mutation.mutators import KINDS, mutations

# kind, function body, and the body after each change of this kind
CASES: list[tuple[str, str, list[str]]] = [
    ("comparison", "return a == b", ["return a != b"]),
    ("comparison", "return a != b", ["return a == b"]),
    ("comparison", "return a < b", ["return a <= b"]),
    ("comparison", "return a <= b", ["return a < b"]),
    ("comparison", "return a > b", ["return a >= b"]),
    ("comparison", "return a >= b", ["return a > b"]),
    ("comparison", "return a in b", ["return a not in b"]),
    ("comparison", "return a not  in b", ["return a in b"]),
    ("comparison", "return a is b", ["return a is not b"]),
    ("comparison", "return a is not b", ["return a is b"]),
    ("comparison", "return 0 < a <= b", ["return 0 <= a <= b", "return 0 < a < b"]),
    ("comparison", "return '议题' < (a)  # 中文", ["return '议题' <= (a)  # 中文"]),
    ("boolean", "return a and b and c", ["return a or b or c"]),
    ("boolean", "return a or b and c", ["return a and b and c", "return a or b or c"]),
    ("boolean", "return (a or b) and c", ["return (a or b) or c", "return (a and b) and c"]),
    ("boolean", "return any(a)", ["return all(a)"]),
    ("boolean", "return all(a)", ["return any(a)"]),
    ("boolean", "return Q(a=1) | Q(b=2)", ["return Q(a=1) & Q(b=2)"]),
    ("boolean", "a |= b", ["a &= b"]),
    ("negation", "return not a", ["return a"]),
    ("negation", "return not (a or b)", ["return (a or b)"]),
    ("negation", "return ~Q(a=1)", ["return Q(a=1)"]),
    ("condition", "if a:\n    b()", ["if True:\n    b()", "if False:\n    b()"]),
    ("condition", "if a:\n    return", ["if True:\n    return"]),  # not `False`: that is the same as a dropped guard
    ("condition", "if b := a:\n    b()", ["if (b := a) or True:\n    b()", "if (b := a) and False:\n    b()"]),
    ("condition", "return a if b else c", ["return a if True else c", "return a if False else c"]),
    ("condition", "return [a for a in b if a]", ["return [a for a in b if True]"]),
    ("filter", "return a.filter(b=1)", ["return a.exclude(b=1)", "return a.filter()"]),
    ("filter", "return a.exclude(b=1,)", ["return a.filter(b=1,)", "return a.exclude()"]),
    (
        "filter",
        "return a.filter(q, b=1, **c)",
        [
            "return a.exclude(q, b=1, **c)",
            "return a.filter(b=1, **c)",
            "return a.filter(q, **c)",
            "return a.filter(q, b=1)",
        ],
    ),
    ("filter", "return Q(a=1, b=2)", ["return Q(b=2)", "return Q(a=1)"]),
    ("filter", "return Q(a=1)", []),
    ("constant", "return a(True, b=False)", ["return a(False, b=False)", "return a(True, b=True)"]),
    ("constant", "return True", ["return False"]),
    ("constant", "return zip(a, b, strict=True)", []),
    ("call", "a.b(\n    c,\n)", ["pass"]),
    ("call", "a = b()", []),
    ("call", "a.objects.select_for_update().get(pk=1)", []),  # no effect in a single process
    ("guard", "if a:\n    return b", ["if a:\n    pass"]),
    ("guard", "if a:\n    raise b from c", ["if a:\n    pass"]),
    ("guard", "for a in b:\n    if a:\n        continue", ["for a in b:\n    if a:\n        pass"]),
    ("guard", "if a:\n    return b\nelse:\n    c()", []),
    ("order", 'return a.order_by("b", "-c")', ['return a.order_by("-b", "-c")', 'return a.order_by("b", "c")']),
    ("order", "return a.order_by(F('b').desc())", ["return a.order_by(F('b').asc())"]),
    ("extreme", "return max(a, b)", ["return min(a, b)"]),
    ("extreme", "return a.aggregate(Min('b'))", ["return a.aggregate(Max('b'))"]),
]


def function(body: str) -> str:
    return f"def f(a, b, c):\n{textwrap.indent(body, '    ')}\n"


@pytest.mark.parametrize(("kind", "body", "expected"), CASES)
def test_a_change_replaces_one_piece_and_keeps_the_rest(kind: str, body: str, expected: list[str]) -> None:
    source = function(body)
    changes = [change for change in mutations("m.py", source) if change.kind == kind]

    assert sorted(change.apply(source) for change in changes) == sorted(function(text) for text in expected)


def test_every_kind_is_tried_above() -> None:
    assert {kind for kind, _, expected in CASES if expected} == set(KINDS)


@pytest.mark.parametrize(
    "source",
    [
        '"""A docstring: a == b."""\n',
        "def f(a: int | None) -> int | str: ...\n",
        "def f(a, b):\n    return gettext(a if b else 'c')\n",
        "def f(a, b):\n    return _('%s') % f'{a == b}'\n",
        "def __str__(self):\n    return self.a or self.b\n",
        "def f(a):\n    logger.info('%s', a == 1)\n",
        "def f(a):\n    assert a is not None\n",
        "if TYPE_CHECKING:\n    import a\n",
        "@dataclass(frozen=True)\nclass A:\n    pass\n",
        "Name = A | B\n",
    ],
)
def test_what_says_nothing_of_the_rules_is_left_alone(source: str) -> None:
    assert mutations("m.py", source) == []


def test_a_change_names_the_lines_that_have_to_run() -> None:
    source = "def f(a, *, b=True):\n    if a:\n        return (\n            a == 1\n        )\n    return b\n"

    lines = {(change.kind, change.line): change.lines for change in mutations("m.py", source)}

    assert lines["constant", 1] == (2, 3, 4, 5, 6)  # a default: where the body runs
    assert lines["condition", 2] == (2,)
    assert lines["guard", 3] == (3, 4, 5)  # a dropped return: where it returned
    assert lines["comparison", 4] == (3, 4, 5)


def test_a_change_of_what_runs_at_import_names_no_lines_but_a_lambda_does() -> None:
    source = "TABLE = Table(\n    back=True,\n    when=lambda a: a == 1,\n)\n"

    lines = {change.kind: change.lines for change in mutations("m.py", source)}

    assert lines == {"constant": None, "comparison": (3,)}
