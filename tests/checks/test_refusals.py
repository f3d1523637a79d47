"""The check of refusals finds every kind of fault."""

from pathlib import Path

import pytest

from tests.checks.refusals import main

IMPORTS = "from django.utils.translation import gettext as _\n"
RULE = IMPORTS + 'raise Refused(_("Too late."), code="too_late")\n'
BRANCHES = """
def rule():
    if early:
        told = _("Early.")
    else:
        told = _("Late.")
    check(told % {}, code="not_now")
"""
TEST = 'from tests.refusals import refusal, refused\nrefused(act, "too_late")\n'


def check_output(
    root: Path, capsys: pytest.CaptureFixture[str], product: str, test: str, *, unused: bool = False
) -> str:
    """Return the output of the check for a project with one rule and one test; it must fail if it prints faults."""
    for name, text in (("meetings/rules.py", product), ("tests/test_rules.py", test)):
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text(text)
    failed = main(root, unused=unused)
    out = capsys.readouterr().out
    assert failed == ("codes of refusals" not in out)
    return out


def test_a_sound_project_passes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check_output(tmp_path, capsys, RULE, TEST).startswith("1 codes of refusals. Tests assert all but 0,")


def test_codes_that_no_test_asserts_are_counted_and_listed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "Tests assert all but 1," in check_output(tmp_path, capsys, RULE, "")
    assert check_output(tmp_path, capsys, RULE, "", unused=True).startswith("too_late\n")


@pytest.mark.parametrize(
    ("product", "fault"),
    [
        ('Refused("Too late.", code=code_for(day))', "rules.py:2: the code is not a literal"),
        ('Missing("Too late.", code="TooLate")', "'TooLate' is not in snake_case"),
        ('Refused(_("Too early."), code="too_late")', "more than one reason: ['Too early.', 'Too late.']"),
        ('def rule():\n    told = _("Too early.")\n    raise Refused(told % {}, code="too_late")', "'Too early.'"),
        (BRANCHES, "['Early.', 'Late.']"),
    ],
)
def test_faults_of_the_product(tmp_path: Path, capsys: pytest.CaptureFixture[str], product: str, fault: str) -> None:
    assert fault in check_output(tmp_path, capsys, RULE.replace(IMPORTS, IMPORTS + product + "\n"), TEST)


def test_a_code_may_be_passed_on_and_a_reason_said_twice(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    again = 'told = _("Too late.")\nraise Refused(told % {}, code="too_late")\nMissing(reason, code=gap.code)\n'
    check_output(tmp_path, capsys, RULE + again, TEST)


@pytest.mark.parametrize(
    ("test", "fault"),
    [
        ("with pytest.raises(Refused):\n    act()", "test_rules.py:3: use `refused` or `refusal`"),
        ("pytest.raises((ValueError, Refused))", "use `refused` or `refusal`"),
        ("pytest.raises(Stale)", "use `refused` or `refusal`"),
        ("refused(act)", "the code is missing"),
        ("with refusal():\n    act()", "the code is missing"),
        ('refused(act, "too_early")', "the product has no code 'too_early'"),
        ("refused(act, *error.codes)", "write the code as a literal"),
    ],
)
def test_faults_of_the_tests(tmp_path: Path, capsys: pytest.CaptureFixture[str], test: str, fault: str) -> None:
    assert fault in check_output(tmp_path, capsys, RULE + "class Stale(Refused):\n    pass\n", TEST + test + "\n")


def test_a_code_may_come_from_a_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    check_output(tmp_path, capsys, RULE, TEST + 'for code in ("too_late",):\n    refused(act, code)\n')
