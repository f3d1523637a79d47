"""Every operation of administrators is classified: does it raise rights or lower a protection, and what guards it?

A new operation fails here until somebody has thought about it.
"""

import ast
from pathlib import Path

from meetings.operations import pending_change  # noqa: F401  # it registers the kinds of changes
from meetings.operations.change_kinds import KINDS

FOLDERS = ("meetings/operations", "publicity/operations", "portal")
# The modules that submit and confirm: their operations end in those below.
SUBMITTING = ("change", "pending_change.py", "submitting.py")
GUARD = "require_second_person"
# What needs a second person, with the kinds of changes that put it in force.
GUARDED = {
    "save_person": {"tenure", "login_name", "person_name"},
    "begin_tenure": {"tenure", "succession"},
    "change_tenure": {"tenure"},
    "reactivate_person": {"reactivation"},
    "save_post": {"post"},
    "save_group": {"group"},
    "save_conference": {"publication_rules"},
    "merge_department": {"merger"},
    "issue_code": {"login_code"},
    "reset_device": {"second_factor"},
    "save_adoption": {"adoption"},
    "save_login_rules": {"login_rules"},
    "save_site_settings": {"site_settings"},
}
# What one administrator does alone, and why nobody gains by it.
ALONE = {
    "deactivate_person": "takes rights away; whoever removes a second person waits a week",
    "save_department": "names and telephones; a new department has no post and no record",
    "save_regulation": "a regulation that nobody follows yet; `save_adoption` puts it in force",
    "copy_regulation": "as save_regulation",
    "correct_words": "corrects misprints",
    "save_template": "the form of a document",
    "remove_template": "the form of a document",
}


def called_in(node: ast.AST) -> set[str]:
    """Return the names of the functions that are called in a piece of code."""
    calls = (call.func for call in ast.walk(node) if isinstance(call, ast.Call))
    return {function.id for function in calls if isinstance(function, ast.Name)}


def functions_calling(name: str) -> set[str]:
    """Return the public functions that call `name`, themselves or through a private function of their module."""
    found = set()
    for path in (path for folder in FOLDERS for path in Path(folder).glob("*.py")):
        if path.name.startswith(SUBMITTING):
            continue
        tree = ast.parse(path.read_text())
        calls = {node.name: called_in(node) for node in tree.body if isinstance(node, ast.FunctionDef)}
        for function, called in calls.items():
            private = {inner for inner in called & set(calls) if inner.startswith("_")}
            reached = called.union(*(calls[inner] for inner in private))
            if name in reached and not function.startswith("_") and function != name:
                found.add(function)
    return found


def test_every_operation_of_administrators_is_classified() -> None:
    found = functions_calling("require_administrator")
    assert found - set(GUARDED) - set(ALONE) == set(), "does it raise rights? Guard it, or say why nobody gains"
    assert set(ALONE) <= found


def test_what_raises_rights_is_guarded() -> None:
    assert functions_calling(GUARD) == set(GUARDED)


def test_what_is_guarded_can_be_confirmed() -> None:
    assert {kind for kinds in GUARDED.values() for kind in kinds} == set(KINDS)


def test_no_page_writes_tenures_or_passwords_itself() -> None:
    """Rows that give rights are saved by operations alone."""
    words = ("Tenure.objects.create", "set_password(", "LoginCode.objects.create", "second_factor_roles =")
    folders = ("meetings/admin", "publicity/admin", "portal")
    pages = [path for folder in folders for path in Path(folder).rglob("*.py") if "demo" not in path.parts]
    written = {path.name for path in pages if any(word in path.read_text() for word in words)}
    assert written <= {"models.py", "login_rules.py"}
