"""The controls of the protection standards that an application can satisfy, each with the looks that try it.

Clause numbers were taken from the contents of the standards and have not been compared with their texts.
Where something is not built, `lacking` stands in its place: put the look that tries it there when it is.
"""

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sanban.desk.compliance import on_content as content
from sanban.desk.compliance import on_records as records
from sanban.desk.compliance import on_settings as setup
from sanban.desk.compliance.on_settings import lacking
from sanban.desk.compliance.seen import Check

Words = str | Promise
IDENTITY, ACCESS, AUDIT = _("身份鉴别"), _("访问控制"), _("安全审计")
DATA, CIPHERS, GRADING = _("数据保护与备份"), _("密码应用"), _("数据分类分级")
PEOPLE, RULES, EVIDENCE = "people:units", "desk:permissions", "desk:evidence"
REFUSALS, MACHINE, FILES = "watch:refusals", "desk:operations", "files:index"


@dataclass(frozen=True, slots=True)
class Control:
    """One control: its number in our list, family, clause, what it asks, its looks, and the page to see more."""

    number: int
    family: Words
    clause: str
    words: Words
    page: str
    looks: tuple[Check, ...]


_22239, _39786, _43697 = "GB/T 22239 ", "GB/T 39786 ", "GB/T 43697 "

CONTROLS: Final = (
    Control(1, IDENTITY, _22239 + "8.1.4.1 a", _("身份标识唯一，口令有强度并定期更换"), PEOPLE, (
        records.one_name_each, setup.weak_passwords_refused, setup.strong_hash, records.kept_strongly,
        lacking("passwords_renewed", _("口令定期更换：程序尚无到期规则。")),
    )),
    Control(2, IDENTITY, _22239 + "8.1.4.1 b", _("登录失败锁定，无操作自动退出"), REFUSALS, (
        setup.lock_out, setup.idle_logout,
    )),
    Control(3, IDENTITY, _22239 + "8.1.4.1 c", _("鉴别信息传输中受保护"), MACHINE, (setup.tls,)),
    Control(4, IDENTITY, _22239 + "8.1.4.1 d", _("两种以上鉴别，其一用密码技术"), PEOPLE, (
        records.keepers_have_two_factors, records.keepers_have_keys,
    )),
    Control(5, ACCESS, _22239 + "8.1.4.2 a", _("为登录用户分配帐号和权限"), RULES, (
        records.everybody_has_a_role, records.rules_stand,
    )),
    Control(6, ACCESS, _22239 + "8.1.4.2 b", _("没有默认帐号和默认口令"), PEOPLE, (
        setup.no_demo, records.no_usual_names,
    )),
    Control(7, ACCESS, _22239 + "8.1.4.2 c", _("清除多余、过期和共享的帐号"), PEOPLE, (
        records.nobody_stale, records.nobody_left_open, records.nobody_shares,
    )),
    Control(8, ACCESS, _22239 + "8.1.4.2 d", _("最小权限，管理员分立"), PEOPLE, (
        records.keepers_apart, records.keepers_read_no_secrets, records.walls_stand,
    )),
    Control(9, ACCESS, _22239 + "8.1.4.2 e–f", _("授权主体配置策略，主体到用户、客体到记录"), RULES, (
        records.rules_stand,
        lacking("rules_approved", _("访问规则随程序版本发布，尚无授权主体的批准事件。")),
    )),
    Control(10, ACCESS, _22239 + "8.1.4.2 g", _("重要主体和客体有安全标记"), RULES, (
        content.levels_on_objects, records.labelled,
    )),
    Control(11, AUDIT, _22239 + "8.1.4.3 a–b", _("覆盖每个用户的审计：时间、用户、类型、结果"), REFUSALS, (
        setup.reads_recorded, setup.refusals_watched,
    )),
    Control(12, AUDIT, _22239 + "8.1.4.3 c–d", _("审计记录受保护、有备份，审计不可中断"), EVIDENCE, (
        records.guards_stand, records.nothing_waits, records.witnessed, content.backed_up,
    )),
    Control(19, AUDIT, _22239 + "8.1.5.2, 8.1.5.4", _("设审计管理员，集中分析，日志保存 6 个月以上"), REFUSALS, (
        records.an_auditor_is_there, records.reads_kept,
    )),
    Control(13, DATA, _22239 + "8.1.4.4", _("输入有效性校验"), FILES, (
        setup.forms_guarded, setup.uploads_limited, setup.uploads_scanned, setup.not_debugging,
    )),
    Control(14, DATA, _22239 + "8.1.4.7 a–b", _("数据传输和存储的完整性"), EVIDENCE, (
        setup.tls, records.audited, records.sealed,
    )),
    Control(15, DATA, _22239 + "8.1.4.8 a–b", _("数据传输和存储的保密性"), MACHINE, (
        setup.tls, content.encrypted, content.keys_kept_close, setup.shares_apart,
    )),
    Control(16, DATA, _22239 + "8.1.4.9", _("备份，恢复经过测试"), MACHINE, (content.backed_up, content.rehearsed)),
    Control(17, DATA, _22239 + "8.1.4.10", _("剩余信息清除"), MACHINE, (
        content.keys_destroyed, content.sessions_cleared,
    )),
    Control(18, DATA, _22239 + "8.1.4.11", _("个人信息最少收集、不得滥用"), PEOPLE, (
        content.personal_erasable, setup.reads_recorded,
    )),
    Control(20, CIPHERS, _39786 + "8.4 a", _("用密码技术鉴别登录用户"), PEOPLE, (
        records.keepers_have_keys, lacking("sm2_login", _("SM2 证书登录尚未接入。")),
    )),
    Control(21, CIPHERS, _39786 + "8.4 b", _("访问控制信息的完整性"), RULES, (records.rights_follow,)),
    Control(22, CIPHERS, _39786 + "8.4 c", _("安全标记的完整性"), EVIDENCE, (
        records.labelled, content.bound_to_label, records.sealed,
    )),
    Control(23, CIPHERS, _39786 + "8.4 d–e", _("重要数据传输、存储的保密性"), MACHINE, (
        content.encrypted, setup.chinese_cipher, setup.tls,
        lacking("chinese_tls", _("传输尚未使用国密 TLS，须由前置网关提供。")),
    )),
    Control(24, CIPHERS, _39786 + "8.4 f–g", _("重要数据传输、存储的完整性"), EVIDENCE, (
        records.two_trees, records.audited, setup.tls,
    )),
    Control(25, CIPHERS, _39786 + "8.4 h", _("涉及责任认定时的不可否认性"), EVIDENCE, (
        records.promised, records.sealed, records.sm2_signature,
    )),
    Control(26, CIPHERS, _39786 + "8.3", _("日志记录的完整性"), EVIDENCE, (
        records.access_log_sealed, records.reads_sealed,
    )),
    Control(27, GRADING, _43697 + "5–7", _("数据分类、定级、复核、目录、动态更新"), RULES, (
        content.levels_on_objects,
        content.graded,
        content.fields_graded,
    )),
)  # fmt: skip
