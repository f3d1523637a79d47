"""Tests of the four state machines, row by row: sources, action, target, backward steps, signatures and inputs.

`TABLES` repeats the tables of the design on purpose: a change of a machine must be made in both places.
"""

from typing import Any

import pytest
from django.db.models import Model

from meetings.machines import MACHINES
from meetings.machines.base import Transition
from meetings.models import Meeting, Minutes, Resolution, Topic

OPEN = "assigned under_way returned"
FOLLOWED = "under_way reported returned suspended carried verified"
# action: its source states, its target (empty: the state does not change), and its inputs (with a question mark if
# optional)
TABLES: dict[type[Model], dict[str, tuple[str, str, str]]] = {
    Topic: {
        "submit": ("draft returned", "submitted", ""),
        "confer": ("submitted", "conferred", "opinion?"),
        "approve": ("conferred", "approved", "opinion?"),
        "ask_opinions": ("approved", "", "departments"),
        "record_study": ("approved", "", "joint_research proposal_report"),
        "agree": ("approved", "agreed", ""),
        "return": ("submitted conferred approved agreed", "returned", "reason"),
    },
    Meeting: {
        "consult": ("planned", "", "opinion?"),
        "settle": ("planned", "settled", "opinion?"),
        "notify": ("settled", "notified", "number?"),
        "hold": ("notified", "held", ""),
        "draft_minutes": ("held", "", ""),
        "reopen": ("settled notified", "planned", "reason"),
    },
    Minutes: {
        "send": ("draft", "in_approval", ""),
        "approve": ("in_approval", "approved", "opinion?"),
        "issue": ("approved", "issued", "number"),
        "return": ("in_approval approved", "draft", "reason"),
        "correct": ("issued", "", "reason"),
    },
    Resolution: {
        "assign": ("adopted", "assigned", "note?"),
        "report": (OPEN, "under_way", "text files?"),
        "report_part_done": (OPEN, "under_way", "text files?"),
        "report_done": (OPEN, "reported", "text files?"),
        "agree_suspension": (OPEN, "suspended", "opinion?"),
        "verify": ("reported", "verified", "opinion?"),
        "accept_report": (FOLLOWED, "", "report"),
        "deliver": (FOLLOWED, "", "report tenures on"),
        "return": ("reported", "returned", "reason"),
        "send_back_report": (FOLLOWED, "", "report reason"),
        "suspend": (OPEN, "suspended", "reason"),
        "decline_suspension": (OPEN, "", "reason"),
        "resume": ("suspended", "under_way", "reason"),
    },
}
BACK: dict[type[Model], set[str]] = {
    Topic: {"return"},
    Meeting: {"reopen"},
    Minutes: {"return", "correct"},
    Resolution: {"return", "send_back_report", "suspend", "decline_suspension", "resume"},
}
PANELS: dict[type[Model], dict[str, str]] = {
    Topic: {"confer": "confer", "approve": "approve_topic"},
    Meeting: {"consult": "consult", "settle": "settle"},
    Minutes: {"approve": "approve_minutes"},
    Resolution: {"agree_suspension": "suspend", "suspend": "suspend", "verify": "verify"},
}
SCREEN_ALONE = {"agree_suspension", "suspend", "verify"}  # approvals of departments' work are given on screen only
MODELS = pytest.mark.parametrize("model", list(TABLES), ids=lambda model: model.__name__)


def rows(model: type[Model]) -> dict[str, Transition[Any]]:
    return {row.action: row for row in MACHINES[model].transitions}


@MODELS
def test_each_step_leads_from_state_to_state_and_asks_for_what_it_needs(model: type[Model]) -> None:
    found = {
        action: (
            " ".join(map(str, row.source)),
            str(row.target),
            " ".join(f"{asked.name}{'' if asked.required else '?'}" for asked in row.inputs),
        )
        for action, row in rows(model).items()
    }
    assert found == TABLES[model]


@MODELS
def test_the_steps_back_are_known_as_such(model: type[Model]) -> None:
    assert {action for action, row in rows(model).items() if row.back} == BACK[model]


@MODELS
def test_what_is_signed_has_its_panel_and_may_be_signed_on_paper_where_the_office_signs(model: type[Model]) -> None:
    signed = {action: str(row.panel) for action, row in rows(model).items() if row.panel}
    assert signed == PANELS[model]
    assert {action for action in signed if rows(model)[action].on_paper} == set(signed) - SCREEN_ALONE
