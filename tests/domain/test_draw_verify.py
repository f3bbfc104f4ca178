"""The receipt and its verifier: every way of tampering is noticed, and named."""

import copy
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.draw import Entrant, Exclusion, Prize, Redraw, canonical, commitment, roster, sha256
from domain.draw_receipt import receipt, receipt_text, settle
from domain.draw_verify import Published, verify, verify_text
from tests.domain.draws import CLOSED, CLOSES, OPENED, SEED, frozen, people, sample, seed_of, terms

Tamper = Callable[[Any], object]


def tampered(change: Tamper, **arguments: Any) -> Any:
    value = copy.deepcopy(sample(**arguments))
    change(value)
    return value


def winner(slot: int, count: int = 10) -> str:
    return settle(SEED, terms(), frozen(count)).awards[slot - 1].entrant_id


def test_an_honest_receipt_passes_every_check() -> None:
    result = verify(sample())
    assert result.ok
    assert [check.name for check in result.checks] == [
        "format",
        "commitment",
        "rules",
        "roster",
        "roster_hash",
        "closing",
        "entries",
        "winners",
    ]
    assert all(check.zh and check.en for check in result.checks)


def test_the_receipt_is_one_canonical_text() -> None:
    text = receipt_text(SEED, terms(), frozen(), CLOSED)
    assert canonical(json.loads(text)) == text
    assert verify_text(text).ok
    assert verify_text(text.encode()).ok
    assert verify_text(json.dumps(json.loads(text), indent=2)).ok


@pytest.mark.parametrize("count", [0, 1, 2, 3, 500])
def test_draws_of_any_size_verify(count: int) -> None:
    assert verify(sample(count)).ok


def test_redraws_and_exclusions_are_part_of_an_honest_receipt() -> None:
    leaver = winner(2)
    redraw = Redraw(2, leaver, "没来领", CLOSED + timedelta(days=1))
    value = sample(redraws=[redraw])
    assert verify(value).ok
    assert leaver not in canonical(value["winners"])
    assert verify(sample(exclusions=[Exclusion(people(10)[0].id, "同事")])).ok


def test_a_redraw_down_to_nobody_verifies() -> None:
    first = winner(1, count=2)
    value = sample(count=2, redraws=[Redraw(1, first, "没来领", CLOSED)])
    assert verify(value).ok


def test_the_published_hashes_are_compared() -> None:
    told = Published(commitment(SEED), terms().hash, frozen().hash.upper())
    result = verify(sample(), told)
    assert result.ok
    assert len(result.checks) == 11


def _swap_winners(value: Any) -> None:
    one, other = value["winners"][:2]
    one["id"], other["id"] = other["id"], one["id"]
    one["name"], other["name"] = other["name"], one["name"]


TAMPERINGS: dict[str, tuple[Tamper, set[str]]] = {
    "another seed": (lambda v: v.update(seed=seed_of("other").hex()), {"commitment", "winners"}),
    "another commitment": (lambda v: v.update(commitment="0" * 64), {"commitment"}),
    "a prize more": (lambda v: v["terms"]["prizes"][0].update(count=3), {"rules", "winners"}),
    "a prize renamed": (lambda v: v["terms"]["prizes"][0].update(name="空气"), {"rules", "winners"}),
    "prizes reordered": (lambda v: v["terms"]["prizes"].reverse(), {"rules", "winners"}),
    "rules rewritten": (lambda v: v["terms"].update(rules="随便"), {"rules"}),
    "a removed entrant": (lambda v: v["roster"]["entrants"].pop(), {"roster_hash"}),
    "a doubled entrant": (
        lambda v: v["roster"]["entrants"].append(v["roster"]["entrants"][-1]),
        {"roster", "roster_hash"},
    ),
    "an unsorted roster": (lambda v: v["roster"]["entrants"].reverse(), {"roster", "roster_hash"}),
    "another draw's roster": (lambda v: v["roster"].update(draw_id="8"), {"roster", "roster_hash"}),
    "an entrant barred afterwards": (
        lambda v: v["roster"]["exclusions"].append({"id": v["winners"][0]["id"], "reason": "不喜欢"}),
        {"roster_hash", "winners"},
    ),
    "a stranger barred": (
        lambda v: v["roster"]["exclusions"].append({"id": "f" * 32, "reason": "?"}),
        {"roster", "roster_hash"},
    ),
    "winners in another order": (_swap_winners, {"winners"}),
    "a winner's nickname changed": (lambda v: v["winners"][0].update(name="我"), {"winners"}),
    "a winner's rank changed": (lambda v: v["winners"][0].update(rank=5), {"winners"}),
    "a winner left out": (lambda v: v["winners"].pop(), {"winners"}),
    "closed early": (lambda v: v.update(closed_at="2026-05-01T12:09:00.000Z"), {"closing"}),
    "a redraw made up": (
        lambda v: v["redraws"].append(
            {"slot": 1, "id": "f" * 32, "reason": "?", "at": v["closed_at"], "successor": None}
        ),
        {"winners"},
    ),
    "a redraw to a friend": (
        lambda v: v["redraws"].append(
            {
                "slot": 1,
                "id": v["winners"][0]["id"],
                "reason": "?",
                "at": v["closed_at"],
                "successor": v["roster"]["entrants"][0]["id"],
            }
        ),
        {"winners"},
    ),
}


@pytest.mark.parametrize("name", TAMPERINGS)
def test_tampering_is_noticed(name: str) -> None:
    change, expected = TAMPERINGS[name]
    result = verify(tampered(change))
    assert expected <= set(result.failed)
    assert not result.ok


def test_a_late_entrant_is_noticed_even_when_the_operator_freezes_them_in() -> None:
    late = Entrant("0" * 32, "迟到的", CLOSES + timedelta(seconds=1))
    value = receipt(SEED, terms(), roster("7", [*people(10), late]), CLOSED)
    result = verify(value)
    assert result.failed == ("entries",)
    assert "迟到的" in result.checks[6].zh


def test_an_entrant_before_the_opening_is_noticed() -> None:
    early = Entrant("0" * 32, "早到的", OPENED - timedelta(seconds=1))
    assert verify(receipt(SEED, terms(), roster("7", [early]), CLOSED)).failed == ("entries",)


def test_a_whole_forged_receipt_fails_against_what_was_published() -> None:
    forged = receipt(seed_of("grinding"), terms(Prize("空气", 1)), frozen(9), CLOSED)
    assert verify(forged).ok
    told = Published(commitment(SEED), terms().hash, frozen().hash)
    assert verify(forged, told).failed == ("published_commitment", "published_rules", "published_roster")


def test_a_removed_entrant_with_a_fresh_hash_fails_against_the_published_one() -> None:
    def remove(value: Any) -> None:
        value["roster"]["entrants"].pop()
        value["roster_hash"] = sha256(canonical(value["roster"]))

    assert "published_roster" in verify(tampered(remove), Published(roster_hash=frozen().hash)).failed


def test_a_redraw_before_the_closing_is_noticed() -> None:
    redraw = Redraw(1, winner(1), "先换掉", CLOSED - timedelta(seconds=1))
    assert verify(sample(redraws=[redraw])).failed == ("winners",)


def test_a_receipt_of_a_roster_from_another_draw_is_not_made() -> None:
    with pytest.raises(ValueError, match="roster is of draw 8"):
        receipt(SEED, terms(), frozen(draw_id="8"), CLOSED)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "null",
        "[]",
        "{}",
        "[" * 100_000,
        '{"format": NaN}',
        b"\xff\xfe\x00",
        receipt_text(SEED, terms(), frozen(), CLOSED)[:-2],
        receipt_text(SEED, terms(), frozen(), CLOSED)[:-1] + ',"version":1}',
        receipt_text(SEED, terms(), frozen(), CLOSED)[:-1] + ',"extra":1}',
    ],
)
def test_mangled_json_fails_the_format_check_alone(text: str | bytes) -> None:
    assert verify_text(text).failed == ("format",)


@pytest.mark.parametrize(
    "change",
    [
        lambda v: v.pop("seed"),
        lambda v: v.update(version=2),
        lambda v: v.update(version=True),
        lambda v: v.update(seed="xyz"),
        lambda v: v.update(roster=[]),
        lambda v: v["roster"].update(entrants={}),
        lambda v: v["terms"]["prizes"][0].update(count=1.5),
        lambda v: v["terms"]["prizes"][0].update(count=-1),
        lambda v: v["roster"]["entrants"][0].update(at="2026-13-01T00:00:00.000Z"),
        lambda v: v["roster"]["entrants"][0].update(at="yesterday"),
        lambda v: v["roster"]["entrants"][0].update(name="\ud800"),
    ],
)
def test_fields_out_of_shape_fail_the_format_check_alone(change: Tamper) -> None:
    assert verify(tampered(change)).failed == ("format",)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(st.data(), json_values)
def test_no_field_can_be_replaced_unnoticed(data: st.DataObject, junk: object) -> None:
    value: Any = sample(4)
    node, path = value, data.draw(st.sampled_from(sorted(value)))
    while isinstance(node[path], dict | list) and node[path] and data.draw(st.booleans()):
        node = node[path]
        path = data.draw(st.sampled_from(sorted(node) if isinstance(node, dict) else range(len(node))))
    same = node[path] == junk and type(node[path]) is type(junk)
    node[path] = junk
    assert verify(value).ok == same


@given(json_values)
def test_the_verifier_judges_any_json_value(value: object) -> None:
    assert verify(value).failed == ("format",)


@given(st.integers(0, 2000), st.integers(0, 255))
def test_a_changed_byte_never_passes_as_another_draw(position: int, byte: int) -> None:
    text = receipt_text(SEED, terms(), frozen(4), CLOSED).encode()
    changed = bytearray(text)
    changed[position % len(text)] = byte
    if verify_text(bytes(changed)).ok:
        assert _hashed(bytes(changed)) == _hashed(text)


def _hashed(text: bytes) -> dict[str, object]:
    """Everything but the moment of closing, which is the operator's word and decides nothing when it is later."""
    value: dict[str, object] = json.loads(text)
    assert value.pop("closed_at")
    return value
