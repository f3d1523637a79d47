"""The catalogue tool: extraction, updates, and the faults that its check reports."""

import gettext
import os
import shutil
from pathlib import Path

import polib
import pytest

from portal.tools import messages

CODE = """
from django.utils.translation import gettext_lazy as _, ngettext, pgettext

TITLE = _("Meeting")
HELD = _("Held by %(name)s on {day}") % {"name": ""}
SAME = ngettext("%(count)s item", "%(count)s items", 2)
OTHER = pgettext("a month", "May")
NOT_A_MESSAGE = "Meeting room"
"""
TEMPLATE = """
{% load i18n %}
    <p title="{% trans 'Agenda' %}">
  {% blocktranslate trimmed with name=person.name %}
    Chaired by {{ name }}
    today
  {% endblocktranslate %}</p>
{% comment %}{% trans "Forgotten" %}{% endcomment %}
"""
FOUND = {
    ("", "Meeting"): "会议",
    ("", "Held by %(name)s on {day}"): "%(name)s于{day}召开",
    ("", "%(count)s item"): "%(count)s项",
    ("a month", "May"): "五月",
    ("", "Agenda"): "议程",
    ("", "Chaired by %(name)s today"): "今天由%(name)s主持",
}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with one app that has code, one template of that app, and two templates shared by all apps."""
    if not shutil.which("xgettext"):
        assert os.environ.get("CI") != "true"
        pytest.skip("!!! NOT TESTED: extraction, gettext is not installed")
    monkeypatch.setattr(messages, "ROOT", tmp_path)
    for app in messages.APPS:
        (tmp_path / app / "locale").mkdir(parents=True)
    (tmp_path / "meetings" / "models.py").write_text(CODE)
    (tmp_path / "meetings" / "migrations").mkdir()
    (tmp_path / "meetings" / "migrations" / "0001_initial.py").write_text('_("frozen")')
    (tmp_path / "templates" / "meetings").mkdir(parents=True)
    (tmp_path / "templates" / "meetings" / "meeting.html").write_text(TEMPLATE)
    (tmp_path / "templates" / "404.html").write_text('{% load i18n %}{% translate "Not found" %}')
    (tmp_path / "templates" / "500.html").write_text('{% load i18n %}{% translate "An error" %}')
    return tmp_path


def entries(app: str) -> list[polib.POEntry]:
    """The entries of the catalogue of an app."""
    return list(messages.read(messages.catalogue(app)))


def translate(app: str, **changes: str) -> None:
    """Fill the catalogue of an app; `changes` replace single translations, `fuzzy` marks one as fuzzy."""
    catalogue = polib.pofile(str(messages.catalogue(app)))
    for entry in catalogue:
        text = changes.get(entry.msgid.replace(" ", "_"), FOUND.get((entry.msgctxt or "", entry.msgid), "找不到"))
        if entry.msgid_plural:
            entry.msgstr_plural = {0: text}
        else:
            entry.msgstr = text
        if changes.get("fuzzy") == entry.msgid:
            entry.flags.append("fuzzy")
    catalogue.save()


@pytest.fixture
def complete(project: Path) -> None:
    """Extract and translate every catalogue."""
    messages.main(["update"])
    for app in ("portal", "meetings"):
        translate(app)


@pytest.mark.usefixtures("complete")
def test_code_and_templates_are_read_and_nothing_else() -> None:
    assert {(entry.msgctxt or "", entry.msgid) for entry in entries("meetings")} == set(FOUND)
    assert [entry.msgid for entry in entries("portal")] == ["Not found", "An error"]
    assert not messages.catalogue("search").exists()


@pytest.mark.parametrize(
    ("path", "app"),
    [
        ("search/text.py", "search"),
        ("templates/search/results.html", "search"),
        ("templates/base.html", "publicity"),
        ("templates/components/card.html", "publicity"),
        ("templates/500.html", "portal"),
        ("templates/wagtailadmin/base.html", "portal"),
    ],
)
def test_a_template_belongs_to_the_app_of_its_folder_or_to_the_one_that_renders_it(path: str, app: str) -> None:
    assert messages.app_of(Path(path)) == app


@pytest.mark.usefixtures("complete")
def test_each_message_names_its_files_without_line_numbers() -> None:
    text = messages.catalogue("meetings").read_text()
    assert "#: meetings/models.py\n" in text
    assert "#: templates/meetings/meeting.html\n" in text


@pytest.mark.usefixtures("complete")
def test_an_update_without_a_new_string_changes_nothing(project: Path) -> None:
    before = messages.catalogue("meetings").read_text()
    assert "POT-Creation-Date" not in before
    (project / "meetings" / "models.py").write_text("\n\n" + CODE)
    messages.main(["update"])
    assert messages.catalogue("meetings").read_text() == before
    assert not list(project.rglob("*.pot"))


@pytest.mark.usefixtures("complete")
def test_an_update_keeps_translations_adds_what_is_new_and_drops_what_is_gone(project: Path) -> None:
    (project / "meetings" / "models.py").write_text('from x import _\n_("Meeting")\n_("Meetings")\n')
    messages.main(["update"])
    assert {entry.msgid: entry.msgstr for entry in entries("meetings")} == {
        "Meeting": "会议",
        "Meetings": "",
        "Agenda": "议程",
        "Chaired by %(name)s today": "今天由%(name)s主持",
    }
    assert not any(entry.fuzzy for entry in entries("meetings"))


def test_a_catalogue_is_compiled_without_gettext(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(messages, "ROOT", tmp_path)
    monkeypatch.setenv("PATH", "")
    catalogue = polib.POFile()
    catalogue.metadata = {"Content-Type": "text/plain; charset=UTF-8", "Plural-Forms": "nplurals=1; plural=0;"}
    for (context, text), translation in FOUND.items():
        plural = "%(count)s items" if text == "%(count)s item" else ""
        one, many = ("", {0: translation}) if plural else (translation, {})
        catalogue.append(
            polib.POEntry(msgctxt=context or None, msgid=text, msgid_plural=plural, msgstr=one, msgstr_plural=many)
        )
    path = messages.catalogue("meetings")
    path.parent.mkdir(parents=True)
    catalogue.save(str(path))
    messages.main(["compile"])
    with path.with_suffix(".mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    assert compiled.gettext("Meeting") == "会议"
    assert compiled.pgettext("a month", "May") == "五月"
    assert compiled.ngettext("%(count)s item", "%(count)s items", 3) == "%(count)s项"


@pytest.mark.usefixtures("complete")
def test_a_complete_catalogue_passes() -> None:
    assert messages.main(["check"]) == 0


def complaint(capsys: pytest.CaptureFixture[str]) -> str:
    """Run the check, which must fail, and return its output."""
    assert messages.main(["check"]) == 1
    return capsys.readouterr().err


@pytest.mark.usefixtures("complete")
@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"Meeting": ""}, "not translated: 'Meeting'"),
        ({"Meeting": "  "}, "not translated: 'Meeting'"),
        ({"%(count)s_item": ""}, "not translated: '%(count)s item'"),
        ({"fuzzy": "Agenda"}, "fuzzy: 'Agenda'"),
        ({"Held_by_%(name)s_on_{day}": "由%(name)s召开"}, "the placeholders differ: 'Held by %(name)s on {day}'"),
        ({"%(count)s_item": "项"}, "the placeholders differ: '%(count)s item'"),
    ],
)
def test_a_bad_entry_is_refused(capsys: pytest.CaptureFixture[str], changes: dict[str, str], said: str) -> None:
    translate("meetings", **changes)
    assert f"meetings: {said}" in complaint(capsys)


@pytest.mark.usefixtures("complete")
def test_a_string_that_the_catalogue_lacks_is_refused(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "meetings" / "rules.py").write_text('from x import _\n_("The agenda is empty.")\n')
    assert "meetings: not translated: 'The agenda is empty.' (meetings/rules.py)" in complaint(capsys)


@pytest.mark.usefixtures("complete")
def test_a_string_that_nothing_uses_is_refused(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "templates" / "404.html").write_text("")
    assert "portal: no longer used: 'Not found'" in complaint(capsys)


@pytest.mark.usefixtures("complete")
def test_an_obsolete_entry_is_refused_even_if_its_string_is_used_again(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    catalogue = polib.pofile(str(messages.catalogue("meetings")))
    catalogue.append(polib.POEntry(msgid="Gone", msgstr="没有了", obsolete=True))
    catalogue.save()
    assert complaint(capsys).count("meetings: no longer used: 'Gone'") == 1
    (project / "meetings" / "rules.py").write_text('from x import _\n_("Gone")\n')
    assert complaint(capsys).count("meetings: no longer used: 'Gone'") == 1


@pytest.mark.usefixtures("complete")
def test_a_check_changes_nothing(project: Path) -> None:
    (project / "meetings" / "rules.py").write_text('from x import _\n_("The agenda is empty.")\n')
    before = {path: path.read_bytes() for path in project.rglob("*") if path.is_file()}
    assert messages.main(["check"]) == 1
    assert {path: path.read_bytes() for path in project.rglob("*") if path.is_file()} == before


def test_a_source_string_in_chinese_is_refused(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "search" / "views.py").write_text('from x import _\n_("查找")\n')
    messages.main(["update"])
    for app in ("portal", "meetings", "search"):
        translate(app)
    assert "search: the source string is not English: '查找'" in complaint(capsys)


@pytest.mark.usefixtures("complete")
def test_two_apps_may_not_translate_one_string_differently(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "search" / "views.py").write_text('from x import _\n_("Meeting")\n')
    messages.main(["update"])
    translate("search", Meeting="大会")
    assert "meetings, search: translated differently: 'Meeting'" in complaint(capsys)
    translate("search", Meeting="会议")
    assert messages.main(["check"]) == 0
