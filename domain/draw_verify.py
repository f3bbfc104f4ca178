"""The verifier of a draw's receipt: named checks, each with its reason in Chinese and English.

A receipt alone shows that it is consistent. That nobody was added, left out or promised another prize is shown by the
hashes that were published while the draw was open: give them as `Published` and they are compared too.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from domain.draw import canonical, outcome, ranking, sha256
from domain.draw_receipt import winner_rows
from domain.draw_shape import misshapen


@dataclass(frozen=True, slots=True)
class Check:
    """One named check, whether it passed, and why in words."""

    name: str
    ok: bool
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class VerifyResult:
    """All checks in order. A receipt that cannot be read has the ``format`` check only."""

    checks: tuple[Check, ...]

    @property
    def ok(self) -> bool:
        """Whether every check passed."""
        return all(check.ok for check in self.checks)

    @property
    def failed(self) -> tuple[str, ...]:
        """The names of the checks that did not pass."""
        return tuple(check.name for check in self.checks if not check.ok)


@dataclass(frozen=True, slots=True)
class Published:
    """What the announcement showed while the draw was open; None is not compared."""

    commitment: str | None = None
    rules_hash: str | None = None
    roster_hash: str | None = None


Receipt = Mapping[str, Any]
"""A receipt whose shape was checked."""


def verify_text(text: str | bytes, published: Published = Published()) -> VerifyResult:
    """Verify a receipt as text: what cannot be read, or names a field twice, fails the ``format`` check."""
    try:
        value = json.loads(text, object_pairs_hook=_unique, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        return VerifyResult((_format_failure(f"不是有效的 JSON（{error}）", f"not valid JSON ({error})"),))
    return verify(value, published)


def verify(receipt: object, published: Published = Published()) -> VerifyResult:
    """Verify a receipt as a JSON value. Never raises for any JSON value."""
    damage = misshapen(receipt)
    if damage is not None:
        return VerifyResult((_format_failure(f"收据不完整或被改动：{damage}", f"the receipt is damaged: {damage}"),))
    sound = cast(Receipt, receipt)
    checks = [Check("format", True, "格式正确", "the format is right")]
    checks += [check(sound) for check in CHECKS]
    checks += _published_checks(sound, published)
    return VerifyResult(tuple(checks))


def _format_failure(zh: str, en: str) -> Check:
    return Check("format", False, zh, en)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) < len(pairs):
        raise ValueError("a field appears twice")
    return value


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON number")


# ---- the checks ------------------------------------------------------------------------------------------------------


def _commitment(receipt: Receipt) -> Check:
    ok = hashlib.sha256(bytes.fromhex(receipt["seed"])).hexdigest() == receipt["commitment"]
    if ok:
        return Check("commitment", True, "公布的种子与开奖前的承诺一致", "the seed is the one committed to")
    return Check("commitment", False, "种子与承诺不符：种子被换过", "the seed is not the one committed to")


def _rules(receipt: Receipt) -> Check:
    if sha256(canonical(receipt["terms"])) == receipt["rules_hash"]:
        return Check("rules", True, "规则和奖品与公布时一致", "rules and prizes are those announced")
    return Check("rules", False, "规则、奖品或时间被改过", "title, prizes, rules or times were changed")


def _roster(receipt: Receipt) -> Check:
    roster = receipt["roster"]
    ids = [one["id"] for one in roster["entrants"]]
    barred = [one["id"] for one in roster["exclusions"]]
    if roster["draw_id"] != receipt["terms"]["draw_id"]:
        return Check("roster", False, "名单属于另一次抽奖", "the roster is of another draw")
    if ids != sorted(set(ids)) or barred != sorted(set(barred)):
        return Check("roster", False, "名单有重复或顺序不对", "the roster has doubles or is not sorted")
    if not set(barred) <= set(ids):
        return Check("roster", False, "被排除的人不在名单里", "somebody is excluded who did not enter")
    return Check("roster", True, f"名单共 {len(ids)} 人，无重复", f"{len(ids)} entrants, each once")


def _roster_hash(receipt: Receipt) -> Check:
    if sha256(canonical(receipt["roster"])) == receipt["roster_hash"]:
        return Check("roster_hash", True, "名单与封存时一致", "the roster is the frozen one")
    return Check("roster_hash", False, "名单被增删或改动过", "this is not the frozen roster")


def _closing(receipt: Receipt) -> Check:
    opened, promised = receipt["terms"]["opened_at"], receipt["terms"]["closes_at"]
    closed = receipt["closed_at"]
    if closed < opened or (promised is not None and closed < promised):
        return Check("closing", False, "比公布的时间提前结束", "closed earlier than announced")
    return Check("closing", True, "按公布的时间结束", "closed as announced")


def _entries(receipt: Receipt) -> Check:
    # Whoever closes late (a restart) must not let more people in than announced.
    last = receipt["terms"]["closes_at"] or receipt["closed_at"]
    opened = receipt["terms"]["opened_at"]
    late = [one["name"] for one in receipt["roster"]["entrants"] if not opened <= one["at"] <= last]
    if late:
        return Check("entries", False, f"{late[0]} 不在报名时间内参加", f"{late[0]} entered outside the open time")
    return Check("entries", True, "所有人都在报名时间内参加", "everybody entered while it was open")


def _winners(receipt: Receipt) -> Check:
    try:
        awards, successors = _recomputed(receipt)
    except ValueError as error:
        return Check("winners", False, f"补抽记录有误：{error}", f"a redraw does not fit: {error}")
    redraws = receipt["redraws"]
    if [one["successor"] for one in redraws] != list(successors) or any(
        one["at"] < receipt["closed_at"] for one in redraws
    ):
        return Check("winners", False, "补抽没有按名次顺延", "a redraw did not take the next rank")
    if receipt["winners"] != awards:
        return Check("winners", False, "中奖名单与计算结果不符", "the winners are not those of the ranking")
    return Check("winners", True, f"重新计算，{len(awards)} 位中奖者一致", f"the same {len(awards)} winners computed")


def _recomputed(receipt: Receipt) -> tuple[list[dict[str, object]], tuple[str | None, ...]]:
    entrants = receipt["roster"]["entrants"]
    names = {one["id"]: one["name"] for one in entrants}
    settled = outcome(
        ranking(bytes.fromhex(receipt["seed"]), receipt["roster_hash"], names),
        (one["id"] for one in receipt["roster"]["exclusions"]),
        [(prize["name"], prize["count"]) for prize in receipt["terms"]["prizes"]],
        [(redraw["slot"], redraw["id"]) for redraw in receipt["redraws"]],
    )
    return winner_rows(settled, names), settled.successors


CHECKS: tuple[Callable[[Receipt], Check], ...] = (
    _commitment,
    _rules,
    _roster,
    _roster_hash,
    _closing,
    _entries,
    _winners,
)


def _published_checks(receipt: Receipt, published: Published) -> Iterator[Check]:
    told = (
        ("published_commitment", "commitment", published.commitment, "承诺", "commitment"),
        ("published_rules", "rules_hash", published.rules_hash, "规则哈希", "rules hash"),
        ("published_roster", "roster_hash", published.roster_hash, "名单哈希", "roster hash"),
    )
    for name, field, value, zh, en in told:
        if value is None:
            continue
        if value.strip().lower() == receipt[field]:
            yield Check(name, True, f"{zh}与群里公布的一致", f"the {en} is the one published")
        else:
            yield Check(name, False, f"{zh}与群里公布的不一致", f"the {en} is not the one published")
