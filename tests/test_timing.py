"""The table at the end of a run, and what the kept database depends on."""

from tests import database_template, timing


def test_the_table_adds_up_by_group_and_names_the_slowest() -> None:
    runs = {
        "SQLite": {"tests/doors/test_table.py::test_a": 30.0, "tests/search/test_text.py::test_b[x]": 1.0},
        "PostgreSQL": {"tests/search/test_text.py::test_b[x]": 2.0, "tests/search/test_text.py::test_c": 0.5},
    }
    head, _all, doors, search, _empty, title, *slowest = timing.table(runs).splitlines()
    assert head.split()[-2:] == ["SQLite", "PostgreSQL"]
    assert doors.split() == ["table", "of", "doors", "30", "(1", "tests)"]
    assert search.split() == ["search", "1", "(1", "tests)", "2", "(2", "tests)"]
    assert title == "the slowest tests"
    assert [line.split()[0] for line in slowest] == ["30.0", "2.0", "1.0", "0.5"]


def test_a_test_outside_the_groups_is_counted_as_another() -> None:
    assert timing.group("tests/test_timing.py::test_x") == "other"


def test_the_kept_database_depends_on_what_migrations_import() -> None:
    migration = database_template.ROOT / "meetings/migrations/0004_office_year.py"
    assert database_template.ROOT / "meetings/models/attachment.py" in set(database_template._imported(migration))
