"""Looks at content as it lies, its keys, its copies, and what may be erased of it."""

from datetime import timedelta
from typing import Final

from django.utils.translation import gettext as _

from sanban.base import clock
from sanban.base.access.registry import subjects
from sanban.base.ledger.registry import EVENTS
from sanban.desk.compliance.drills import Drill
from sanban.desk.compliance.seen import Seen, check, named

SHRED_WITHIN: Final = timedelta(hours=1)
BACKUP_EVERY: Final = timedelta(days=7)
REHEARSE_EVERY: Final = timedelta(days=180)
PERSONAL: Final = {
    "people.person_created": {"name", "email", "mobile"}, "people.person_updated": {"name", "email", "mobile"},
}  # fmt: skip
"""Fields of events that speak of a person."""


@check
def encrypted(seen: Seen) -> tuple[bool | None, str]:
    """The newest contents that ask for a key lie under one, and no table holds the words of a secret in clear."""
    if not seen.contents:
        return None, _("还没有内部或工作秘密的内容。")
    loose, open_words = sum(not one.key for one in seen.contents), sum(seen.words_in_clear.values())
    told = _("最新 %(n)s 条内部以上内容，未加密 %(loose)s 条；工作秘密的正文，在用表中未加密 %(open)s 行。") % {
        "n": len(seen.contents), "loose": loose, "open": open_words,
    }  # fmt: skip
    if open_words:
        told += _("所在表：%(names)s。") % {"names": named(sorted(seen.words_in_clear))}
    held = not loose and not open_words
    return held, told if held else told + _("请运行 sanban vault seal。")


@check
def bound_to_label(seen: Seen) -> tuple[bool | None, str]:
    """The key of a content is one of its level: labelled otherwise, it does not open."""
    sealed = [one for one in seen.contents if one.key]
    if not sealed:
        return None, _("还没有加密的内容。")
    wrong = sum(not one.key.startswith(f"{one.level}/") for one in sealed)
    return not wrong, _("%(n)s 条加密内容，密钥与密级不符 %(wrong)s 条。") % {
        "n": len(sealed),
        "wrong": wrong,
    }


@check
def keys_kept_close(seen: Seen) -> tuple[bool, str]:
    """Nobody else on the machine may read a file of keys."""
    count, loose = seen.open_keys
    if loose:
        return False, _("以下密钥文件他人可读：%(names)s。请改为 0600。") % {"names": named(loose)}
    return count > 0, _("%(n)s 个密钥文件，权限都是仅属主可读。") % {"n": count}


@check
def keys_destroyed(seen: Seen) -> tuple[bool, str]:
    """What was let go by an erasure is destroyed within the hour."""
    late = sum(seen.at - since > SHRED_WITHIN for since in seen.retired)
    gone = sum(one.destroyed for one in seen.keys)
    told = _("已销毁数据密钥 %(gone)s 把，逾时未销毁 %(late)s 把。") % {"gone": gone, "late": late}
    return not late, told


@check
def sessions_cleared(seen: Seen) -> tuple[bool, str]:
    """Sessions that ended leave nothing behind."""
    count = seen.accounts.old_sessions
    return not count, _("过期一天以上仍留存的会话 %(n)s 个。") % {"n": count}


@check
def personal_erasable(_seen: Seen) -> tuple[bool, str]:
    """What speaks of a person stands in fields that can be erased one by one."""
    stuck = [
        f"{kind}.{name}"
        for kind, names in PERSONAL.items()
        for name in sorted(names)
        if kind not in EVENTS or name not in EVENTS[kind].texts
    ]
    if stuck:
        return False, _("以下个人信息不能单独删除：%(names)s。") % {"names": named(stuck)}
    return True, _("人员姓名、邮箱、手机都可依法逐项删除，证据仍可核验。")


@check
def levels_on_objects(_seen: Seen) -> tuple[bool, str]:
    """Every kind of object that is registered has a level."""
    kinds = [
        kind for kind in subjects() if "level" in {field.name for field in kind.model._meta.get_fields()}
    ]
    return bool(kinds), _("%(all)s 类对象中 %(n)s 类标有密级（公开、内部、工作秘密）。") % {
        "all": len(subjects()), "n": len(kinds),
    }  # fmt: skip


@check
def graded(seen: Seen) -> tuple[bool, str]:
    """Every work secret says why, and no label is past its review."""
    told = seen.grading
    words = _("工作秘密 %(all)s 件，没有写明理由的 %(missing)s 件；复核逾期的标注 %(late)s 个。") % {
        "all": told.secrets, "missing": told.without_reason, "late": told.overdue,
    }  # fmt: skip
    well = not told.without_reason and not told.overdue
    return well, words if well else words + _("由形成单位在“密级标注”中补写、复核。")


@check
def fields_graded(seen: Seen) -> tuple[bool, str]:
    """There is a catalogue of fields, and no row of it is past its review."""
    told = {"all": seen.grading.fields, "late": seen.grading.fields_overdue}
    well = bool(seen.grading.fields) and not seen.grading.fields_overdue
    return well, _("字段分级目录 %(all)s 项，复核逾期 %(late)s 项。") % told


@check
def backed_up(seen: Seen) -> tuple[bool, str]:
    """A backup of this week was read again from end to end."""
    if seen.backup is None:
        return False, _("没有备份记录。请运行 sanban backup。")
    fresh = seen.at - seen.backup.at <= BACKUP_EVERY
    told = _("最近备份 %(told)s，已通读核对。") % {"told": _told(seen.backup)}
    return fresh, told if fresh else told + _("已超过 7 天。")


@check
def rehearsed(seen: Seen) -> tuple[bool, str]:
    """A backup was restored on trial within half a year, and everything fitted."""
    if seen.rehearsal is None:
        return False, _("没有恢复演练记录。请运行 sanban rehearse。")
    fresh = seen.at - seen.rehearsal.at <= REHEARSE_EVERY
    told = _("最近恢复演练 %(told)s，逐条核对相符。") % {"told": _told(seen.rehearsal)}
    return fresh, told if fresh else told + _("已超过 180 天。")


def _told(drill: Drill) -> str:
    told = {
        "at": f"{clock.local(drill.at):%Y-%m-%d %H:%M}",
        "n": f"{drill.events:,}",
        "sha": drill.sha256[:12],
    }
    return _("%(at)s，%(n)s 条，SHA-256 %(sha)s…") % told
