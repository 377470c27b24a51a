"""Looks at accounts and rules, and at the records of the ledger, the access log and the read log."""

import hashlib
import json
from datetime import timedelta
from typing import Final

from django.utils.translation import gettext as _

from sanban.base import clock
from sanban.base.access.actor import ROLES
from sanban.base.access.registry import all_rules, subjects
from sanban.base.ledger.registry import REBUILT
from sanban.base.ledger.tlog import notes, sm2
from sanban.desk.compliance.seen import Seen, check, named

STUCK: Final = timedelta(minutes=10)
AUDIT_EVERY: Final = timedelta(days=2)
KEPT_FOR: Final = timedelta(days=183)
"""Six months, whatever their lengths."""
WITNESSES: Final = 3
RIGHTS: Final = ("people.RoleGrant", "access.AccessGrant")
"""The tables of who may what."""


@check
def one_name_each(seen: Seen) -> tuple[bool, str]:
    """No two accounts differ by capitals alone."""
    found = seen.accounts
    if found.doubled:
        return False, _("登录名重复（不分大小写）：%(names)s。") % {"names": named(found.doubled)}
    return True, _("在用帐号 %(n)s 个，登录名无重复。") % {"n": found.active}


@check
def kept_strongly(seen: Seen) -> tuple[bool, str]:
    """No account still keeps its password by an older method."""
    weak = seen.accounts.weakly_hashed
    if weak:
        told = {"n": len(weak), "names": named(weak)}
        return False, _("%(n)s 个帐号的口令未以 Argon2 存放：%(names)s。") % told
    return True, _("在用帐号的口令都以 Argon2 存放。")


@check
def no_usual_names(seen: Seen) -> tuple[bool, str]:
    """No account goes by a name that is tried first."""
    usual = seen.accounts.usual
    return not usual, (
        _("有惯用的默认登录名：%(names)s，请改名。") % {"names": named(usual)}
        if usual
        else _("没有 admin、root 一类的默认登录名。")
    )


@check
def keepers_have_two_factors(seen: Seen) -> tuple[bool, str]:
    """Each of the three administrators signs in with a second factor."""
    count = _keepers(seen)
    told = {"n": count, "second": seen.accounts.second}
    return 0 < count == seen.accounts.second, _("管理员 %(n)s 人，已登记第二因素 %(second)s 人。") % told


@check
def keepers_have_keys(seen: Seen) -> tuple[bool, str]:
    """One of the factors rests on cryptography."""
    count = _keepers(seen)
    told = {"n": count, "keyed": seen.accounts.keyed}
    return 0 < count == seen.accounts.keyed, _(
        "管理员 %(n)s 人，已登记密码硬件（通行密钥）%(keyed)s 人。"
    ) % told


@check
def everybody_has_a_role(seen: Seen) -> tuple[bool, str]:
    """An account without a role is for nothing."""
    idle = seen.accounts.roleless
    if idle:
        return False, _("%(n)s 个在用帐号没有角色：%(names)s。") % {"n": len(idle), "names": named(idle)}
    return True, _("%(n)s 个在用帐号都有角色。") % {"n": seen.accounts.active}


@check
def nobody_stale(seen: Seen) -> tuple[bool, str]:
    """Who has not come for ninety days is asked about."""
    stale, never = seen.accounts.stale, seen.accounts.never_came
    told = _("超过 90 天未登录的帐号 %(n)s 个") % {"n": len(stale)}
    told += f"（{named(stale)}）" if stale else ""
    return not stale, told + _("，从未登录的 %(n)s 个。") % {"n": never}


@check
def nobody_left_open(seen: Seen) -> tuple[bool, str]:
    """Who has left holds nothing any more."""
    left = seen.accounts.left_open
    if left:
        return False, _("已离任人员仍有角色或接口令牌：%(names)s。") % {"names": named(left)}
    return True, _("已离任人员没有留下角色和接口令牌。")


@check
def nobody_shares(seen: Seen) -> tuple[bool, str]:
    """Two accounts with one mail address are one account in two names, or one that several use."""
    shared = seen.accounts.shared
    if shared:
        return False, _("以下帐号共用邮箱，疑为共享帐号：%(names)s。") % {"names": named(shared)}
    return True, _("没有共用邮箱的帐号。")


@check
def keepers_apart(seen: Seen) -> tuple[bool, str]:
    """Each of the three administrators is there, and nobody is two of them."""
    found = seen.accounts
    empty = [ROLES[role] for role, logins in found.keepers.items() if not logins]
    if empty or found.two_hats:
        parts = [_("无人担任：%(names)s") % {"names": "、".join(empty)}] if empty else []
        parts += [_("一人兼任：%(names)s") % {"names": named(found.two_hats)}] if found.two_hats else []
        return False, "；".join(parts) + "。"
    counts = "、".join(f"{ROLES[role]} {len(logins)}" for role, logins in found.keepers.items())
    return True, _("三员分立：%(counts)s，无人兼任。") % {"counts": counts}


@check
def keepers_read_no_secrets(seen: Seen) -> tuple[bool, str]:
    """None of them reads work secrets, whatever he is cleared for."""
    found = seen.accounts.reading_secrets
    if found:
        return False, _("可读工作秘密的管理员：%(names)s。") % {"names": named(found)}
    return bool(_keepers(seen)), _("%(n)s 位管理员都读不到工作秘密。") % {"n": _keepers(seen)}


@check
def an_auditor_is_there(seen: Seen) -> tuple[bool, str]:
    """The logs have somebody whose duty they are."""
    auditors = seen.accounts.keepers.get("auditor", [])
    return bool(auditors), _("审计管理员 %(n)s 人，可集中查看越权拦截、查阅登记和核对结果。") % {
        "n": len(auditors)
    }


@check
def rules_stand(_seen: Seen) -> tuple[bool, str]:
    """Each kind of object says in one rule who may see one of it."""
    kinds, rules = subjects(), {rule.name for rule in all_rules()}
    open_ones = [str(kind.label) for kind in kinds if f"{kind.stream}.see" not in rules]
    told = _("%(kinds)s 类对象、%(rules)s 条规则，主体到人、客体到件。") % {
        "kinds": len(kinds), "rules": len(rules),
    }  # fmt: skip
    return bool(kinds) and not open_ones, told


@check
def walls_stand(seen: Seen) -> tuple[bool | None, str]:
    """On PostgreSQL the database itself keeps secrets; SQLite has no such wall."""
    if seen.role_faults:
        return False, "；".join(seen.role_faults) + "。"
    return seen.walled, _("数据库三个角色分立，行级安全在位。") if seen.walled else _(
        "数据库为 SQLite，没有角色和行级安全，此项不适用。"
    )


@check
def guards_stand(seen: Seen) -> tuple[bool, str]:
    """The triggers that refuse changes of what is recorded."""
    missing = seen.guards_missing
    if missing:
        return False, _("缺少防改触发器：%(names)s。请运行 sanban migrate。") % {"names": named(missing)}
    return True, _("台账的防改触发器全部在位。")


@check
def audited(seen: Seen) -> tuple[bool, str]:
    """The last audit is fresh and found nothing."""
    made = seen.audit
    if made is None:
        return False, _("台账尚未核对过。请运行 sanban audit。")
    fresh = seen.at - made.at <= AUDIT_EVERY
    count = made.faults + len(made.tables)
    told = {"at": f"{clock.local(made.at):%Y-%m-%d %H:%M}", "n": f"{made.events:,}", "count": count}
    said = _("最近核对 %(at)s，%(n)s 条，不符 %(count)s 处。") % told
    return fresh and not count, said if fresh else said + _("已超过 2 天，请运行 sanban audit。")


@check
def rights_follow(seen: Seen) -> tuple[bool, str]:
    """Roles and grants are events, and the last audit found their tables to follow from them."""
    missing = [name for name in RIGHTS if name not in REBUILT]
    made = seen.audit
    if made is None or missing:
        return False, _("角色与查阅许可尚未与台账核对。请运行 sanban audit。")
    tables = {REBUILT[name].table._meta.db_table for name in RIGHTS} | set(RIGHTS)
    wrong = sorted(tables & set(made.tables))
    if wrong:
        return False, _("以下授权表与台账不符：%(names)s。") % {"names": "、".join(wrong)}
    return True, _("授权均为台账事件（另行授予角色 %(n)s 次），与台账核对相符。") % {"n": seen.grants}


@check
def nothing_waits(seen: Seen) -> tuple[bool, str]:
    """The log process places what is recorded; it cannot stand still unseen."""
    if seen.waiting is None:
        return True, _("没有等待编入日志的事件。")
    since = f"{clock.local(seen.waiting):%Y-%m-%d %H:%M:%S}"
    return seen.at - seen.waiting <= STUCK, _("最早一条自 %(at)s 起等待编入日志。") % {"at": since}


@check
def sealed(seen: Seen) -> tuple[bool, str]:
    """Every log has a head under the witnesses' signatures, and nothing has waited long for one."""
    heads = seen.heads
    late = [one.log for one in heads if one.unsealed_since and seen.at - one.unsealed_since > STUCK]
    firm = [one for one in heads if one.sealed_size]
    told = "；".join(
        _("%(log)s %(n)s 条，已封存 %(sealed)s 条")
        % {"log": _log(one.log), "n": f"{one.size:,}", "sealed": f"{one.sealed_size:,}"}
        for one in heads
    )
    return bool(heads) and len(firm) == len(heads) and not late, (told or _("尚无日志")) + "。"


@check
def access_log_sealed(seen: Seen) -> tuple[bool, str]:
    """The access log has a sealed head of its own."""
    head = next((one for one in seen.heads if one.log == "access"), None)
    if head is None:
        return False, _("访问日志尚无树根。")
    told = {"n": f"{head.size:,}", "sealed": f"{head.sealed_size:,}"}
    return head.sealed_size > 0, _("访问日志 %(n)s 条，已封存 %(sealed)s 条。") % told


@check
def witnessed(seen: Seen) -> tuple[bool, str]:
    """Three witnesses at least sign, none of them in conflict with us."""
    signing = [one for one in seen.witnesses if one.answered_at and not one.fault]
    told = {"n": len(seen.witnesses), "m": len(signing)}
    return len(signing) >= WITNESSES, _("见证 %(n)s 家，正常签署 %(m)s 家。") % told


@check
def two_trees(seen: Seen) -> tuple[bool, str]:
    """Beside SHA-256 a tree of SM3 over the same records."""
    try:
        hashlib.new("sm3")
    except ValueError:
        return False, _("本机的密码库不含 SM3。")
    uneven = [log for log, sizes in seen.sizes.items() if sizes.get("sm3") != sizes.get("sha256")]
    if not seen.sizes or uneven:
        return False, _("SM3 树与 SHA-256 树不齐。")
    return True, _("%(n)s 个日志都有等长的 SM3 树和 SHA-256 树。") % {"n": len(seen.sizes)}


@check
def sm2_signature(seen: Seen) -> tuple[bool, str]:
    """The newest head of every SM3 tree bears an SM2 signature that was checked just now."""
    if not sm2.ready():
        return False, _("本机未安装 gmssl-pyx，不能用 SM2 签名或验签。请运行 bin/setup sm2。")
    missing = [_log(log) for log, suites in seen.sm3_signed.items() if notes.SM2 not in suites]
    if missing or not seen.sm3_signed:
        return False, _(
            "SM3 树头未用 SM2 签名：%(logs)s。请设 SANBAN_SM3_KEY=sm2，并对每个日志运行 sanban rotate-key 日志名 sm3。"
        ) % {"logs": "、".join(missing) or _("尚无树头")}
    return True, _("%(n)s 个日志最新的 SM3 树头都有 SM2 签名，已当场验签。") % {"n": len(seen.sm3_signed)}


@check
def labelled(seen: Seen) -> tuple[bool, str]:
    """The label stands in the sealed envelope of the newest record, as in its row."""
    if seen.promised is None:
        return False, _("台账还没有记录。")
    envelope, label, _signed = seen.promised
    inside = json.loads(envelope).get("label")
    return inside == label, _("最新记录的信封内密级为 %(inside)s，行内为 %(row)s。") % {
        "inside": "—" if inside is None else inside, "row": label,
    }  # fmt: skip


@check
def promised(seen: Seen) -> tuple[bool, str]:
    """The house signs a promise for each record."""
    held = seen.promised is not None and seen.promised[2]
    return held, _("最新记录附有签名回执。") if held else _("记录未附签名回执，只有日志树根签名和见证签名。")


@check
def reads_sealed(seen: Seen) -> tuple[bool, str]:
    """Rows of the read log are soon under a digest in the access log."""
    since = seen.reads.loose_since
    gaps = _("半年内登记缺口 %(n)s 处。") % {"n": seen.reads.gaps}
    if since is None:
        return not seen.reads.gaps, _("查阅登记均已封存，") + gaps
    told = _("查阅登记自 %(at)s 起有未封存的，") % {"at": f"{clock.local(since):%Y-%m-%d %H:%M}"}
    return seen.at - since <= STUCK and not seen.reads.gaps, told + gaps


@check
def reads_kept(seen: Seen) -> tuple[bool, str]:
    """The log of reads reaches back six months."""
    oldest = seen.reads.oldest
    if oldest is None:
        return False, _("还没有查阅登记。")
    days = (seen.at - oldest).days
    told = {"at": f"{clock.local(oldest):%Y-%m-%d}", "n": days}
    return seen.at - oldest >= KEPT_FOR, _("查阅登记自 %(at)s 起保存 %(n)s 天（要求不少于 6 个月）。") % told


def _keepers(seen: Seen) -> int:
    return len({login for logins in seen.accounts.keepers.values() for login in logins})


def _log(log: str) -> str:
    return {"ledger": _("办理日志"), "access": _("访问日志")}.get(log, log)
