"""The ledger's own events: an act that was refused, a key that follows another, a change of the witnesses."""

from django.utils.translation import gettext_lazy as _

from sanban.base.ledger.registry import Event, event


@event("access.act_refused", stream="access", sentence=_("尝试“{act}”被拒绝：{reason}"))
class ActRefused(Event):
    """Somebody tried an act and was refused; nothing else of it remains (§5.2 越权拦截)."""

    act: str
    code: str
    reason: str
    of_stream: str = ""
    object_id: int | None = None


@event("ledger.key_announced", stream="ledger", sentence=_("更换签名密钥：{purpose}，新密钥 {key}"))
class KeyAnnounced(Event):
    """A signing key is followed by another; each has signed the other's name, base64 (LEDGER.md, 5.6)."""

    purpose: str
    key: str
    before: str
    by_before: str
    by_key: str


@event("ledger.trust_set", stream="ledger", sentence=_("见证策略更新，共 {count} 家见证"))
class TrustSet(Event):
    """From now on these witnesses, and so many of them, make a head sealed (C2SP tlog-policy, without addresses)."""

    policy: str
    count: int


@event(
    "ledger.house_restored",
    stream="ledger",
    sentence=_("从 {backup_of} 的备份恢复，日志改以 {name} 之名继续"),
)
class HouseRestored(Event):
    """The house came back from a backup; `heads` quotes the last sealed heads under the name before."""

    backup_of: str
    before: str
    name: str
    heads: dict[str, str]


@event("ledger.heads_noted", stream="ledger", sentence=_("记下 {count} 个对象的最新版本，日志 {size} 条"))
class HeadsNoted(Event):
    """The last version of every object as of so many leaves, as the roots of one sorted tree (LEDGER.md, 5.5)."""

    size: int
    count: int
    root_sha256: str
    root_sm3: str


@event(
    "ledger.field_erased",
    stream="ledger",
    sentence=_("依法删除 {of_kind} 的 {erased}：{ground}（批准：{authority}）"),
)
class FieldErased(Event):
    """Values and salts of an event's fields were taken away for ever; their digests stay (LEDGER.md, 5.3)."""

    event: str
    of_kind: str
    of_stream: str
    of_id: int
    erased: list[str]
    ground: str
    authority: str


@event(
    "ledger.bundle_made",
    stream="access",
    sentence=_("制作证据包，含 {events} 条记录，摘要 {sha256}；用途：{purpose}"),
)
class BundleMade(Event):
    """Evidence of an object left the house, whole streams with salts (§6.3)."""

    of_stream: str
    of_id: int
    streams: list[str]
    events: int
    redacted: list[str]
    purpose: str
    sha256: str
