"""Looks at how the house is set up: doors, sessions, passwords, pages, uploads, ciphers."""

from typing import Final

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from sanban.desk.compliance.seen import Check, Look, Seen, check

TRIED: Final = ("12345678901", "password123", "Ab1!xyz", "qwertyuiop")
"""Digits alone, a common one, a short one, a row of the keyboard: each must be refused."""
IDLE_MINUTES: Final = 30
LEAST_LENGTH: Final = 10


@check
def weak_passwords_refused(_seen: Seen) -> tuple[bool, str]:
    """Weak words are really tried on the rules in force."""
    refused = 0
    for word in TRIED:
        try:
            validate_password(word)
        except ValidationError:
            refused += 1
    told = _("用 %(all)s 个弱口令试设，%(n)s 个被拒绝。") % {"all": len(TRIED), "n": refused}
    return refused == len(TRIED), told


@check
def strong_hash(_seen: Seen) -> tuple[bool, str]:
    """New passwords are kept by Argon2."""
    first = settings.PASSWORD_HASHERS[0].rpartition(".")[2]
    return first == "Argon2PasswordHasher", _("新口令以 %(name)s 存放。") % {"name": first}


@check
def lock_out(_seen: Seen) -> tuple[bool, str]:
    """Failures of one name and of one machine are limited."""
    rate = (settings.ACCOUNT_RATE_LIMITS or {}).get("login_failed", "")
    parts = [part.rpartition("/") for part in rate.split(",") if part]
    held = {"ip", "key"} <= {kind for _rate, _slash, kind in parts}
    return held, _("登录失败限制：%(rate)s。") % {"rate": rate or _("没有")}


@check
def idle_logout(_seen: Seen) -> tuple[bool, str]:
    """A session that stands idle ends."""
    minutes = settings.SESSION_COOKIE_AGE // 60
    held = minutes <= IDLE_MINUTES and "sanban.base.people.middleware.ActorMiddleware" in settings.MIDDLEWARE
    return held, _("无操作 %(n)s 分钟后退出（要求不超过 %(most)s 分钟）。") % {
        "n": minutes,
        "most": IDLE_MINUTES,
    }


@check
def tls(_seen: Seen) -> tuple[bool, str]:
    """Cookies travel through TLS alone, and browsers are told to come by it."""
    parts = {
        _("会话 Cookie"): settings.SESSION_COOKIE_SECURE,
        _("表单令牌 Cookie"): settings.CSRF_COOKIE_SECURE,
        "HSTS": settings.SECURE_HSTS_SECONDS > 0,
    }
    lacking = [str(name) for name, held in parts.items() if not held]
    if lacking:
        told = _("以下未限定走 TLS：%(names)s。请设 SANBAN_HTTPS=1。") % {"names": "、".join(lacking)}
        return False, told
    return True, _("Cookie 只走 TLS，HSTS %(n)s 秒。") % {"n": settings.SECURE_HSTS_SECONDS}


@check
def not_debugging(_seen: Seen) -> tuple[bool, str]:
    """A developer's switch is off."""
    return not settings.DEBUG, _("调试开关已开，出错页会泄露内情。") if settings.DEBUG else _(
        "调试开关已关。"
    )


@check
def no_demo(_seen: Seen) -> tuple[bool, str]:
    """The passwords of the demo world are known to everybody."""
    demo = settings.SANBAN_DEMO or (settings.SANBAN_VAR / "demo").exists()
    told = _("库中装有演示数据，演示帐号的口令人人皆知。") if demo else _("没有装入演示数据。")
    return not demo, told


@check
def forms_guarded(_seen: Seen) -> tuple[bool, str]:
    """Forms carry their token, pages their content policy."""
    csrf = "django.middleware.csrf.CsrfViewMiddleware" in settings.MIDDLEWARE
    rules = settings.CONTENT_SECURITY_POLICY.get("DIRECTIVES", {})
    loose = [name for name, allowed in rules.items() if any("unsafe" in str(one) for one in allowed)]
    csp = "csp.middleware.CSPMiddleware" in settings.MIDDLEWARE and not loose and "default-src" in rules
    told = _("表单令牌：%(csrf)s；页面内容策略（CSP）：%(csp)s，%(n)s 条。") % {
        "csrf": _on(csrf), "csp": _on(csp), "n": len(rules),
    }  # fmt: skip
    return csrf and csp, told


@check
def uploads_scanned(_seen: Seen) -> tuple[bool, str]:
    """Without a scanner every file is held until an officer lets it go."""
    if settings.SANBAN_CLAMAV:
        return True, _("上传文件先查毒：%(where)s。") % {"where": settings.SANBAN_CLAMAV}
    return False, _("未接查毒程序，上传文件一律先扣留，由安全管理员逐件放行。请设 SANBAN_CLAMAV。")


@check
def uploads_limited(_seen: Seen) -> tuple[bool, str]:
    """Files and forms have a greatest size."""
    most, fields = settings.SANBAN_FILE_MAX_MB, settings.DATA_UPLOAD_MAX_NUMBER_FIELDS
    held = 0 < most <= 1024 and bool(fields) and bool(settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
    return held, _("单个文件至多 %(mb)s MB，表单至多 %(n)s 项。") % {"mb": most, "n": fields or _("不限")}


@check
def reads_recorded(_seen: Seen) -> tuple[bool, str]:
    """What pages show is put on record, and a page that forgot is caught."""
    watched = "sanban.base.ui.unrecorded.UnrecordedMiddleware" in settings.MIDDLEWARE
    held = watched and bool(settings.SANBAN_READ_LOG_THREAD)
    return held, _("查阅登记：%(state)s。") % {"state": _on(held)}


@check
def refusals_watched(seen: Seen) -> tuple[bool, str]:
    """Refusals are recorded and looked at for interception."""
    held = "sanban.base.watch.middleware.WatchMiddleware" in settings.MIDDLEWARE
    count, newest = seen.refusals
    told = _("拒绝登记与拦截：%(state)s，半年内 %(n)s 次") % {"state": _on(held), "n": f"{count:,}"}
    return held, told + (_("，最近 %(at)s。") % {"at": f"{newest:%Y-%m-%d}"} if newest else "。")


@check
def chinese_cipher(_seen: Seen) -> tuple[bool, str]:
    """Content at rest is encrypted by SM4, as the commercial cipher rules ask."""
    return settings.SANBAN_CIPHER == "sm4", _("静态加密算法：%(name)s。") % {
        "name": "SM4-GCM" if settings.SANBAN_CIPHER == "sm4" else _("AES-256-GCM（国密要求 SM4）")
    }


@check
def shares_apart(_seen: Seen) -> tuple[bool, str]:
    """The key of work secrets is in two hands, on two media of their own."""
    shares = {path.resolve() for path in settings.SANBAN_KEY_SHARES}
    inside = [path for path in shares if path.is_relative_to(settings.SANBAN_VAR.resolve())]
    if len(shares) == 2 and not inside:
        return True, _("工作秘密密钥由两位保管人分持，份额不在数据目录内。")
    return False, _("工作秘密密钥的两份仍在同一台机器的数据目录内。请设 SANBAN_KEY_SHARES 分别存放。")


def lacking(name: str, words: str | Promise) -> Check:
    """A part that this platform has not got: it does not hold until a look of its own takes this place."""
    return lambda _seen: Look(name, False, str(words))


def _on(held: bool) -> str:
    return _("已启用") if held else _("未启用")
