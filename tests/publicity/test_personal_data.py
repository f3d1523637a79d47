"""Personal data stop a page or a release, wherever they are, until they are masked or excepted by somebody."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetings.enums import ResolutionState
from publicity.enums import Stage
from publicity.models import Article, PersonalDataException, PublicDecision, StageProposal
from publicity.operations.outcomes import draft_outcome
from publicity.operations.pages import except_finding
from publicity.operations.proposals import review_proposal, submit_stage
from publicity.operations.reviews import give_verdict, send_for_review
from publicity.personal_data import CARD, IDENTITY, MOBILE, find_personal_data, html_to_text, is_identity_number
from tests.meetings.factories import World
from tests.publicity.factories import (
    article,
    county,
    document,
    issued,
    picture,
    public_article,
    public_outcome,
    publish,
    resolutions,
)
from tests.refusals import refusal

ID, PHONE = "11010519491231002X", "13800001111"
PLACES = (
    "text",
    "alt",
    "caption",
    "picture title",
    "document title",
    "linked document",
    "quote",
    "table",
    "table heading",
    "table caption",
)


CARD_NUMBER = "6222021234567890128"


# --- what is found ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "kind", "masked"),
    [
        (f"身份证{ID}。", IDENTITY, "110105********002X"),
        (f"证号：{ID.lower()}", IDENTITY, "110105********002X"),
        ("１１０１０５１９４９１２３１００２Ｘ", IDENTITY, "110105********002X"),
        ("110105 19491231 002X", IDENTITY, "110105********002X"),
        ("830000199001010012", IDENTITY, "830000********0012"),  # a resident from Taiwan
        ("4111 1111 1111 1111", CARD, "************1111"),
        (f"电话{PHONE}", MOBILE, "138****1111"),
        ("联系138-0000-1111，随时可打", MOBILE, "138****1111"),
        ("138 0000 1111", MOBILE, "138****1111"),
        ("+86 13800001111", MOBILE, "138****1111"),
        ("8613800001111", MOBILE, "138****1111"),
        ("No13800001111", MOBILE, "138****1111"),
        ("138\u200b0000\u200b1111", MOBILE, "138****1111"),
        (f"卡号{CARD_NUMBER}", CARD, "*" * (len(CARD_NUMBER) - 4) + CARD_NUMBER[-4:]),
        (" ".join([CARD_NUMBER[:4], CARD_NUMBER[4:8], CARD_NUMBER[8:12], CARD_NUMBER[12:]]), CARD, None),
    ],
)
def test_found_and_masked(text: str, kind: str, masked: str | None) -> None:
    [finding] = find_personal_data(text)
    assert finding.kind == kind
    assert masked is None or finding.masked == masked
    assert finding.value not in finding.masked


@pytest.mark.parametrize(
    "text",
    [
        "0359-6022345",
        "12345",
        "垣政办发〔2024〕19号",
        "2025年9月5日",
        "50万元，3000人次",
        "110105194912310021",  # a wrong check digit
        "110105187912310024",  # born before 1880
        "110105491231002",  # fifteen digits: numbers of the first generation are no longer valid
        "110105194913310020",  # no such month
        "11010519490231002X",  # no such day
        "12800001111",  # no mobile prefix
        "138000011112",  # twelve digits
        "6222021234567890123",  # fails Luhn
        "0000000000000000",
        "91140827MA0GWQ1U2X",  # a unified social credit code
    ],
)
def test_what_is_no_personal_data(text: str) -> None:
    assert find_personal_data(text) == []


def test_several_in_one_text_each_once() -> None:
    found = find_personal_data(f"{ID}，{PHONE}；{PHONE}\n{CARD_NUMBER}")
    assert [finding.kind for finding in found] == [IDENTITY, MOBILE, CARD]
    assert [finding.kind for finding in find_personal_data(f"{ID} {PHONE}")] == [IDENTITY, MOBILE]
    assert len(find_personal_data("13800001111 13900002222")) == 2


def test_tags_hide_nothing_and_lines_do_not_join() -> None:
    assert find_personal_data(html_to_text("<p>1380<b>0001</b>111</p>"))
    assert find_personal_data(html_to_text("<p>1380&#48;001111</p>"))
    assert not find_personal_data(html_to_text("<p>1380000</p><p>1111</p>"))


WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


@given(
    st.integers(110000, 659999),
    st.dates(min_value=date(1900, 1, 1), max_value=date(2099, 12, 31)),
    st.integers(0, 999),
    st.text(alphabet="县工会在的，。 ", max_size=20),
)
def test_every_valid_identity_number_is_found(area: int, born: date, serial: int, around: str) -> None:
    body = f"{area}{born:%Y%m%d}{serial:03d}"
    number = body + "10X98765432"[sum(w * int(d) for w, d in zip(WEIGHTS, body, strict=True)) % 11]
    assert is_identity_number(number)
    assert number in [finding.value for finding in find_personal_data(f"{around}{number}{around}")]


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=200))
def test_no_text_breaks_it(text: str) -> None:
    assert all(finding.masked != finding.value for finding in find_personal_data(text))
    html_to_text(text)


# --- where it stops --------------------------------------------------------------------------------------------------
@pytest.fixture
def world(db: None) -> World:
    return county()


def bodies() -> dict[str, Any]:
    """Return a body for each block in which a number may be."""
    return {
        "text": [("text", f"<p>电话<b>{PHONE[:5]}</b>{PHONE[5:]}</p>")],
        "alt": [("picture", {"picture": picture(), "alt": PHONE, "caption": ""})],
        "caption": [("picture", {"picture": picture(), "alt": "会场", "caption": PHONE})],
        "picture title": [("picture", {"picture": picture(f"张三{PHONE}"), "alt": "会场", "caption": ""})],
        "document title": [("document", document(f"名单{ID}"))],
        "linked document": [("text", f'<p><a linktype="document" id="{document(PHONE).pk}">附件</a></p>')],
        "quote": [("quote", {"text": "好事", "who": PHONE})],
        "table": [
            (
                "table",
                {
                    "columns": [{"type": "text", "heading": "姓名"}],
                    "rows": [{"values": [f"张三 {ID}"]}],
                    "caption": "",
                },
            )
        ],
        "table heading": [
            ("table", {"columns": [{"type": "text", "heading": PHONE}], "rows": [], "caption": ""}),
        ],
        "table caption": [
            ("table", {"columns": [{"type": "text", "heading": "姓名"}], "rows": [], "caption": CARD_NUMBER}),
        ],
    }


@pytest.mark.parametrize("where", PLACES)
def test_a_body_with_personal_data_is_not_sent(world: World, where: str) -> None:
    page = article(world, body=bodies()[where])
    with refusal("personal_data") as refused:
        send_for_review(page, by=world.writer)
    assert any("****" in reason for reason in refused.value.reasons)
    assert not any(PHONE in reason or ID in reason for reason in refused.value.reasons)


@pytest.mark.parametrize(
    "values",
    [{"title": f"联系{PHONE}"}, {"summary": PHONE}, {"slug": PHONE}, {"search_description": ID}, {"tags": [PHONE]}],
    ids=lambda values: next(iter(values)),
)
def test_so_is_a_head_with_personal_data(world: World, values: dict[str, Any]) -> None:
    page = article(world, **values)
    with refusal("personal_data"):
        send_for_review(page, by=world.writer)


def test_a_sign_that_nobody_sees_is_told_with_its_place(world: World) -> None:
    page = article(world, title="职工\u202e夜校")
    with refusal("hidden_sign") as refused:
        send_for_review(page, by=world.writer)
    (reason,) = refused.value.reasons
    assert reason.startswith("标题：“职工”后面有一个看不见的控制字符")


def test_cover_and_its_words(world: World) -> None:
    covers: list[dict[str, Any]] = [
        {"cover": picture(PHONE), "cover_alt": "会场"},
        {"cover": picture(), "cover_alt": PHONE},
    ]
    for values in covers:
        with refusal("personal_data"):
            send_for_review(article(world, **values), by=world.writer)


def test_the_items_of_an_outcome(world: World) -> None:
    page = draft_outcome(issued(world, text=f"补助对象张三，{ID}。"), by=world.gov_clerk)
    with refusal("personal_data"):
        send_for_review(page, by=world.gov_clerk)
    draft = page.get_latest_revision_as_object()
    item = draft.items.get()
    item.wording = "补助对象张某，110105********002X。"
    draft.items.add(item)
    draft.save_revision(user=world.gov_clerk)
    publish(page, world, sender=world.gov_clerk)
    assert ID not in PublicDecision.objects.released().get().wording


def test_a_title_that_was_changed_during_the_review_is_found_at_its_end(world: World) -> None:
    shown = picture("会场")
    page = article(world, body=[("picture", {"picture": shown, "alt": "会场", "caption": ""})])
    send_for_review(page, by=world.writer)
    for person in world.reviewers[:2]:
        give_verdict(page, approve=True, by=person)
    # Directly: every operation refuses this during a review.
    type(shown).objects.filter(pk=shown.pk).update(title=PHONE)
    with refusal("personal_data"):
        give_verdict(page, approve=True, by=world.reviewers[2])
    assert not Article.objects.get(pk=page.pk).live


def test_an_exception_has_a_name_and_a_reason(world: World) -> None:
    page = article(world, summary=f"值班手机{PHONE}")
    [(_place, finding)] = page.findings()
    with refusal("exception_reason_missing"):
        except_finding(page, digest=finding.digest, reason="  ", by=world.writer)
    for person in (world.stranger, county("邻县").writer):
        with refusal("not_in_publicity"):
            except_finding(page, digest=finding.digest, reason="本人同意", by=person)
    except_finding(page, digest=finding.digest, reason="值班手机，本人同意公开", by=world.writer)
    row = PersonalDataException.objects.get()
    assert (row.by, row.reason, row.masked) == (world.writer, "值班手机，本人同意公开", "138****1111")
    with refusal("finding_gone"):
        except_finding(page, digest=finding.digest, reason="再次登记", by=world.writer)
    assert publish(page, world).live
    other = article(world, summary=f"另一页{PHONE}")
    with refusal("personal_data"):
        send_for_review(other, by=world.writer)


def test_an_explanation_with_personal_data_needs_a_reason(world: World) -> None:
    of = issued(world, state=ResolutionState.UNDER_WAY)
    public_outcome(world, of)
    row = resolutions(of)[0]
    with refusal("personal_data") as refused:
        submit_stage(row, stage=Stage.UNDER_WAY, explanation=f"请拨{PHONE}", by=world.gov_clerk)
    assert "138****1111" in str(refused.value)
    proposal = submit_stage(
        row, stage=Stage.UNDER_WAY, explanation=f"请拨{PHONE}", keep_reason="公布的值班手机", by=world.gov_clerk
    )
    assert isinstance(proposal, StageProposal), "a number is read by a second person besides"
    review_proposal(proposal, approve=True, by=world.reviewers[0])
    assert PersonalDataException.objects.get().reason == "公布的值班手机"
    assert PublicDecision.objects.released().get().stage == Stage.UNDER_WAY


def test_a_clean_page_asks_nothing(world: World) -> None:
    assert public_article(world).live
    assert not PersonalDataException.objects.exists()
