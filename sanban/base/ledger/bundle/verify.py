"""核验证据包：不联网，不依赖制作方的任何程序。只需 Python 3.11 及 cryptography 50 以上。

    python verify.py bundle.zip [--policy my-policy.txt] [--head old-checkpoint.txt]

退出码：0 全部相符；1 有一处以上不符；2 不是证据包或读不出来。
It checks every salted field, every envelope, every chain of versions, every place in both Merkle trees, and that enough
witnesses signed both heads; and says at the end what it did not check.
"""

import argparse
import base64
import hashlib
import json
import sys
import zipfile
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ed25519, mldsa

LOG, LOG_SM2, COSIGN, COSIGN_MLDSA = b"\x01", b"\xffoid/1.2.156.10197.1.501", b"\x04", b"\x06"
KINDS = {LOG: 32, LOG_SM2: 65, COSIGN: 32, COSIGN_MLDSA: 1312}  # with the length of their keys
# SM2's curve is y² = x³ - 3x + B modulo P; its N points are the multiples of (GX, GY), None is the one at infinity.
Point = tuple[int, int] | None
P, N = 2**256 - 2**224 - 2**96 + 2**64 - 1, 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
B = 0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93
GX = 0x32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7
GY = 0xBC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0
unpack = partial(base64.b64decode, validate=True)


class Broken(Exception):
    """Something does not hold; the message says what and where."""


def sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def sm3(data: bytes) -> bytes:
    state = hashes.Hash(hashes.SM3())
    state.update(data)
    return state.finalize()


@dataclass(frozen=True)
class Key:
    name: str
    kind: bytes
    public: bytes
    id: bytes


def read_key(text: str) -> Key:
    name, told, body = text.split("+", 2)
    packed = unpack(body)
    kind = next((kind for kind in KINDS if packed.startswith(kind)), b"")
    key = Key(name, kind, packed[len(kind) :], sha256(name.encode() + b"\n" + packed)[:4])
    if KINDS.get(kind) != len(key.public) or key.id.hex() != told:
        raise Broken(f"策略中的公钥与其编号不符：{text[:60]}")
    return key


@dataclass
class Policy:
    logs: list[Key] = field(default_factory=list)
    witnesses: dict[str, Key] = field(default_factory=dict)
    groups: dict[str, tuple[int, list[str]]] = field(default_factory=dict)
    quorum: str = ""

    def holds(self, name: str, signers: set[Key]) -> bool:
        if name not in self.groups:
            return name == "none" or self.witnesses[name] in signers
        least, members = self.groups[name]
        return sum(self.holds(member, signers) for member in members) >= least


def read_policy(text: str) -> Policy:
    made = Policy()
    for line in text.split("\n"):
        words = line.split()
        if not words or words[0].startswith("#"):
            continue
        if words[0] == "log":
            made.logs.append(read_key(words[1]))
        elif words[0] == "witness":
            made.witnesses[words[1]] = read_key(words[2])
        elif words[0] == "group":
            members = words[3:]
            if len(set(members)) != len(members) or set(members) - (made.witnesses | made.groups).keys():
                raise Broken(f"策略中的分组有误：{words[1]}")
            least = {"any": 1, "all": len(members)}.get(words[2]) or int(words[2])
            made.groups[words[1]] = least, members
        elif words[0] == "quorum":
            made.quorum = words[1]
        else:
            raise Broken(f"策略中有读不懂的一行：{line[:60]}")
    if made.quorum != "none" and made.quorum not in made.witnesses | made.groups:
        raise Broken("策略没有写明需要哪些见证")
    publics = [key.public for key in (*made.logs, *made.witnesses.values())]
    if len(set(publics)) != len(publics):
        raise Broken("策略中有两方使用同一把密钥")
    return made


@dataclass(frozen=True)
class Head:
    origin: str
    size: int
    root: bytes


def signed(note: str, policy: Policy) -> tuple[Head, set[Key]]:
    """The head in a note, once one of the policy's logs of that name has signed it, and who else has."""
    text, gap, lines = note.rpartition("\n\n")
    if not gap or not lines.endswith("\n"):
        raise Broken("不是签名的树头")
    text += "\n"
    origin, size, root = text.split("\n")[:3]
    if str(int(size)) != size or len(unpack(root)) != 32:
        raise Broken("不是树头")
    head, signers = Head(origin, int(size), unpack(root)), set()
    keys = {(key.name, key.id): key for key in (*policy.logs, *policy.witnesses.values())}
    for line in lines[:-1].split("\n"):
        dash, name, body = line.split(" ")
        packed = unpack(body)
        key = keys.get((name, packed[:4]))
        if dash != "—" or key is None:
            continue
        check_signature(key, packed[4:], head, text)
        signers.add(key)
    if not any(key.kind in (LOG, LOG_SM2) and key.name == head.origin for key in signers):
        raise Broken(f"树头没有策略所列日志的签名：{head.origin}")
    return head, {key for key in signers if key.kind in (COSIGN, COSIGN_MLDSA)}


def check_signature(key: Key, body: bytes, head: Head, text: str) -> None:
    stamp, signature = (b"", body) if key.kind in (LOG, LOG_SM2) else (body[:8], body[8:])
    try:
        if key.kind == LOG_SM2:
            check_sm2(key.public, signature, text.encode())
        elif key.kind == COSIGN_MLDSA:
            who, origin = key.name.encode(), head.origin.encode()
            message = b"subtree/v1\n\0" + bytes([len(who)]) + who + stamp + bytes([len(origin)]) + origin
            message += bytes(8) + head.size.to_bytes(8, "big") + head.root
            mldsa.MLDSA44PublicKey.from_public_bytes(key.public).verify(signature, message)
        else:
            top = f"cosignature/v1\ntime {int.from_bytes(stamp, 'big')}\n" if key.kind == COSIGN else ""
            ed25519.Ed25519PublicKey.from_public_bytes(key.public).verify(signature, (top + text).encode())
    except InvalidSignature:
        raise Broken(f"签名不成立：{key.name}") from None


def check_sm2(public: bytes, signature: bytes, message: bytes) -> None:
    """r ‖ s by the point 04 ‖ x ‖ y over SM3(Z ‖ message), user id 1234567812345678 (GB/T 32918.2, GM/T 0009)."""
    parts = (public[1:33], public[33:], signature[:32], signature[32:])
    x, y, r, s = (int.from_bytes(part, "big") for part in parts)
    user, t = b"1234567812345678", (r + s) % N
    curve = b"".join(one.to_bytes(32, "big") for one in (P - 3, B, GX, GY)) + public[1:]
    e = int.from_bytes(sm3(sm3((8 * len(user)).to_bytes(2, "big") + user + curve) + message), "big")
    on_curve = public[0] == 4 and max(x, y) < P and (y * y - x**3 + 3 * x - B) % P == 0
    in_range = len(signature) == 64 and 0 < r < N and 0 < s < N and t != 0
    point = plus(times(s, (GX, GY)), times(t, (x, y))) if on_curve and in_range else None
    if point is None or (e + point[0]) % N != r:
        raise InvalidSignature


def plus(one: Point, other: Point) -> Point:
    """The third point on the line through two, or on the tangent at one, mirrored."""
    if one is None or other is None:
        return one or other
    if one[0] == other[0] and (one[1] + other[1]) % P == 0:
        return None
    rise, run = (3 * one[0] ** 2 - 3, 2 * one[1]) if one == other else (other[1] - one[1], other[0] - one[0])
    slope = rise * pow(run, -1, P)
    x = (slope**2 - one[0] - other[0]) % P
    return x, (slope * (one[0] - x) - one[1]) % P


def times(count: int, point: Point) -> Point:
    most = times(count >> 1, plus(point, point)) if count > 1 else None
    return plus(most, point) if count & 1 else most


def climb(digest: Any, place: int, last: int, start: bytes, path: list[bytes]) -> tuple[bytes, bytes] | None:
    """From a node up to two roots: of the tree that ends with it, and of the tree that ends at `last`."""
    if any(len(one) != 32 for one in (start, *path)):
        return None
    old = new = start
    for one in path:
        if last == 0:
            return None
        if place & 1 or place == last:
            old, new = digest(b"\x01" + one + old), digest(b"\x01" + one + new)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            new = digest(b"\x01" + new + one)
        place, last = place >> 1, last >> 1
    return (old, new) if last == 0 else None


def included(digest: Any, leaf: bytes, index: int, head: Head, proof: list[str]) -> bool:
    if not 0 <= index < head.size:
        return False
    roots = climb(digest, index, head.size - 1, digest(b"\x00" + leaf), [unpack(line) for line in proof])
    return roots is not None and roots[1] == head.root


def consistent(digest: Any, old: Head, new: Head, proof: list[bytes]) -> bool:
    if not 0 < old.size < new.size:
        return not proof and 0 < old.size == new.size and old.root == new.root
    place, last = old.size - 1, new.size - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    path = proof if old.size & (old.size - 1) else [old.root, *proof]
    return bool(path) and climb(digest, place, last, path[0], path[1:]) == (old.root, new.root)


class Check:
    """One run over one bundle: what was found wrong, what was counted, what was left unchecked."""

    def __init__(self, archive: zipfile.ZipFile, policy: Policy) -> None:
        self.archive, self.policy = archive, policy
        self.faults: list[str] = []
        self.counts = {"events": 0, "fields": 0, "redacted": 0, "erased": 0}
        self.heads: dict[str, Head] = {}
        self.twins: dict[str, dict[str, Any]] = {}
        self.chains: dict[tuple[str, str], tuple[int, str]] = {}
        self.erased: list[tuple[str, str, str]] = []
        self.said: dict[str, dict[str, Any]] = {}
        self.versions: dict[tuple[str, str, int], bytes] = {}

    def head(self, note: str) -> Head:
        """The head of a note that log and enough witnesses signed; each note is judged once."""
        if note not in self.heads:
            head, signers = signed(note, self.policy)
            if not self.policy.holds(self.policy.quorum, signers):
                raise Broken(f"见证不足，树头未封存：{head.origin} {head.size}")
            self.heads[note] = head
        return self.heads[note]

    def files(self) -> None:
        """The archive holds what its list says, unaltered."""
        told = json.loads(self.archive.read("manifest.json").decode())
        if told.get("format") != "sanban-evidence/1":
            raise Broken("不是本格式的证据包")
        self.wanted = {(stream, object_id) for stream, object_id in told["streams"]}
        names = [name for name in self.archive.namelist() if name != "manifest.json"]
        if sorted(names) != sorted(told["files"]):
            self.faults.append("包内文件与清单不一致")
        altered = [one for one in names if sha256(self.archive.read(one)).hex() != told["files"].get(one)]
        self.faults += [f"文件被改动：{name}" for name in altered]

    def events(self) -> None:
        for number, line in enumerate(self.archive.read("events.jsonl").decode().splitlines(), 1):
            try:
                self.event(json.loads(line))
            except Broken as fault:
                self.faults.append(f"第 {number} 条：{fault}")
            except (KeyError, ValueError, TypeError, AttributeError) as fault:
                self.faults.append(f"第 {number} 条读不出来：{type(fault).__name__}: {fault}")
        for event_id, name, by in self.erased:
            order = self.said.get(by, {})
            if order.get("event") != event_id or name not in order["erased"]:
                self.faults.append(f"事件 {event_id} 的字段 {name} 称已删除，但包内没有相应的删除令")

    def event(self, one: dict[str, Any]) -> None:
        """One event: its envelope, its fields, its place among the versions of its object, and in both trees."""
        self.counts["events"] += 1
        body, salt = one["envelope"].encode(), unpack(one["salt"])
        told = json.loads(body)
        again = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
        if again != body or told["id"] != one["id"]:
            raise Broken("信封不是规范形式，或编号不符")
        self.fields(one["id"], one["fields"], told["fields"])
        if told["kind"] in ("ledger.field_erased", "ledger.heads_noted"):
            self.said[one["id"]] = {name: json.loads(value["value"]) for name, value in one["fields"].items()}
        self.place(one, b"\x01" + sha256(salt + body) + sm3(salt + body))
        stream = (told["stream"], told["object"])
        version, last = self.chains.get(stream, (0, ""))
        self.chains[stream] = told["ver"], sha256(salt + body).hex()
        self.versions[*stream, told["ver"]] = sha256(salt + body)
        if told["ver"] != version + 1 or told["prev"] != last:
            raise Broken(f"对象 {stream[0]}/{stream[1]} 在第 {version} 版之后不连续")

    def fields(self, event_id: str, given: dict[str, dict[str, Any]], sealed: dict[str, str]) -> None:
        if set(given) != set(sealed):
            raise Broken("字段与信封所封的不一致")
        for name, value in given.items():
            if "value" not in value:
                by = value.get("erased_by")
                self.counts["erased" if by else "redacted"] += 1
                self.erased += [(event_id, name, by)] if by else []
                continue
            key, self.counts["fields"] = name.encode(), self.counts["fields"] + 1
            data = unpack(value["salt"]) + len(key).to_bytes(2, "big") + key + value["value"].encode()
            made = ".".join(base64.b64encode(digest(data)).decode() for digest in (sha256, sm3))
            if made != sealed[name]:
                raise Broken(f"字段 {name} 的内容与封存的不符")

    def place(self, one: dict[str, Any], leaf: bytes) -> None:
        """The event stands at its index under both sealed heads."""
        first, _gap, note = self.archive.read(f"proofs/{one['id']}.tlog-proof").decode().partition("\n\n")
        mark, index, *path = first.split("\n")
        if mark != "c2sp.org/tlog-proof@v1" or index != f"index {one['index']}":
            raise Broken("证明不是这一条的")
        if one["log"] not in self.twins:
            self.twins[one["log"]] = json.loads(self.archive.read(f"sm3-{one['log']}.json").decode())
        head, twin = self.head(note), self.head(self.twins[one["log"]]["note"])
        if not head.origin.endswith(f"/{one['log']}") or twin.origin != f"{head.origin}-sm3":
            raise Broken("证明属于另一个日志")
        if not included(sha256, leaf, one["index"], head, path):
            raise Broken("不在 SHA-256 树中所说的位置")
        if not included(sm3, leaf, one["index"], twin, self.twins[one["log"]]["proofs"][one["id"]]):
            raise Broken("不在 SM3 树中所说的位置")

    def absence(self) -> None:
        """By the heads noted last: no version was left out, and an object that is not there had no history."""
        told = json.loads(self.archive.read("heads.json").decode())
        noted = self.said[told["event"]]
        head = Head("", noted["count"], bytes.fromhex(noted["root_sha256"]))
        for stream, key, shown in told["of"]:
            for one in shown:
                name, other, ver, told_of = one["entry"]
                leaf = f"{name}\n{other}\n{ver}\n".encode() + unpack(told_of)
                if not included(sha256, leaf, one["at"], head, one["proof"]):
                    raise Broken(f"对象 {stream}/{key} 的最新版本证明不成立")
                kept = self.versions.get((name, other, ver))
                if (name, other) == (stream, key) and kept != unpack(told_of):
                    raise Broken(f"对象 {stream}/{key} 缺少第 {ver} 版，或与当日记下的不同")
            places = [(one["entry"][0], one["entry"][1], one["at"]) for one in shown]
            below = [at for name, other, at in places if (name, other) < (stream, key)] or [-1]
            above = [at for name, other, at in places if (name, other) > (stream, key)] or [head.size]
            there = [place[:2] for place in places] == [(stream, key)]
            if not there and (len(places) > 2 or above[0] != below[0] + 1):
                raise Broken(f"没有证明对象 {stream}/{key} 当日不存在")
            self.wanted -= set() if there else {(stream, key)}

    def since(self, old: Head) -> None:
        """The log of the bundle goes on from the head that the reader has kept."""
        if "since.txt" not in self.archive.namelist():
            if old not in self.heads.values():
                self.faults.append("包内没有与您保存的树头相衔接的证明；请要求制作方注明 --since 重新制作")
            return
        top, _gap, note = self.archive.read("since.txt").decode().partition("\n\n")
        size, *path = top.split("\n")
        head = self.head(note)
        if size != f"old {old.size}" or head.origin != old.origin:
            self.faults.append("衔接证明不是从您保存的树头开始的")
        elif not consistent(sha256, old, head, [unpack(line) for line in path]):
            self.faults.append("日志没有从您保存的树头延续：历史被改写过")


def main(arguments: list[str]) -> int:
    """Check one bundle and say so."""
    asked = argparse.ArgumentParser(description="核验三办协同云平台的证据包")
    asked.add_argument("bundle")
    asked.add_argument("--policy", help="您自己留存的见证策略")
    asked.add_argument("--head", help="您以前留存的树头")
    options = asked.parse_args(arguments)
    try:
        with zipfile.ZipFile(options.bundle) as archive:
            own = Path(options.policy).read_text("utf-8") if options.policy else ""
            check = Check(archive, read_policy(own or archive.read("policy.txt").decode()))
            check.files()
            check.events()
            noted = "heads.json" in archive.namelist()
            if noted:
                check.absence()
            missing = check.wanted - check.chains.keys()
            check.faults += [f"缺少对象 {name}/{key} 的记录" for name, key in missing]
            if options.head:
                check.since(signed(Path(options.head).read_text("utf-8"), check.policy)[0])
    except (OSError, zipfile.BadZipFile, KeyError, ValueError, IndexError, TypeError) as fault:
        sys.stderr.write(f"读不出来：{type(fault).__name__}: {fault}\n")
        return 2
    except Broken as fault:
        sys.stderr.write(f"不成立：{fault}\n")
        return 1
    lines = ["事件 {events} 条；字段公开 {fields}、遮盖 {redacted}、依法删除 {erased}".format(**check.counts)]
    for head in sorted(set(check.heads.values()), key=lambda one: one.origin):
        lines.append(f"封存树头 {head.origin}  {head.size} 条  {head.root.hex()}")
    lines += [f"不符：{line}" for line in check.faults]
    left = ["事件所述是否属实（只证明记下之后未被改动）", "时间线文件（供阅读）；附件原件（请自行比对摘要）"]
    left.append("当日之后的新版本" if noted else "是否遗漏了更新的版本（包内没有当日最新版本的证明）")
    left += [] if options.policy else ["见证策略取自包内，未与您自己留存的策略比对（--policy）"]
    left += [] if options.head else ["日志是否延续您以前见过的树头（--head）"]
    lines += ["未核验：", *(f"  {line}" for line in left)]
    lines.append(f"结论：{len(check.faults)} 处不符" if check.faults else "结论：全部相符")
    sys.stdout.write("\n".join([*lines, ""]))
    return 1 if check.faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
