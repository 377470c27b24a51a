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
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey

KINDS = {1: 32, 4: 32, 6: 1312}  # log, Ed25519 and ML-DSA-44 cosignature, with the length of their keys


class Broken(Exception):
    """Something does not hold; the message says what and where."""


def sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def sm3(data: bytes) -> bytes:
    state = hashes.Hash(hashes.SM3())
    state.update(data)
    return state.finalize()


def unpack(text: str) -> bytes:
    return base64.b64decode(text, validate=True)


@dataclass(frozen=True)
class Key:
    name: str
    kind: int
    public: bytes

    @property
    def id(self) -> bytes:
        return sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.public)[:4]


def read_key(text: str) -> Key:
    name, told, body = text.split("+", 2)
    packed = unpack(body)
    key = Key(name, packed[0], packed[1:])
    if KINDS.get(key.kind) != len(key.public) or key.id.hex() != told:
        raise Broken(f"策略中的公钥与其编号不符：{text[:60]}")
    return key


@dataclass
class Policy:
    logs: list[Key] = field(default_factory=list)
    witnesses: dict[str, Key] = field(default_factory=dict)
    groups: dict[str, tuple[int, list[str]]] = field(default_factory=dict)
    quorum: str = ""

    def holds(self, name: str, signers: set[Key]) -> bool:
        if name == "none":
            return True
        if name in self.witnesses:
            return self.witnesses[name] in signers
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


def read_head(text: str) -> Head:
    origin, size, root = text.split("\n")[:3]
    if str(int(size)) != size or len(unpack(root)) != 32:
        raise Broken("不是树头")
    return Head(origin, int(size), unpack(root))


def signed(note: str, policy: Policy) -> tuple[Head, set[Key]]:
    """The head in a note, once one of the policy's logs of that name has signed it, and who else has."""
    text, gap, lines = note.rpartition("\n\n")
    if not gap or not lines.endswith("\n"):
        raise Broken("不是签名的树头")
    text += "\n"
    head, signers = read_head(text), set()
    keys = {(key.name, key.id): key for key in (*policy.logs, *policy.witnesses.values())}
    for line in lines[:-1].split("\n"):
        dash, name, body = line.split(" ")
        packed = unpack(body)
        key = keys.get((name, packed[:4]))
        if dash != "—" or key is None:
            continue
        check_signature(key, packed[4:], head, text)
        signers.add(key)
    if not any(key.kind == 1 and key.name == head.origin for key in signers):
        raise Broken(f"树头没有策略所列日志的签名：{head.origin}")
    return head, {key for key in signers if key.kind != 1}


def check_signature(key: Key, body: bytes, head: Head, text: str) -> None:
    stamp, signature = (b"", body) if key.kind == 1 else (body[:8], body[8:])
    try:
        if key.kind == 6:
            who, origin = key.name.encode(), head.origin.encode()
            message = b"subtree/v1\n\0" + bytes([len(who)]) + who + stamp + bytes([len(origin)]) + origin
            message += bytes(8) + head.size.to_bytes(8, "big") + head.root
            MLDSA44PublicKey.from_public_bytes(key.public).verify(signature, message)
        else:
            top = f"cosignature/v1\ntime {int.from_bytes(stamp, 'big')}\n" if key.kind == 4 else ""
            Ed25519PublicKey.from_public_bytes(key.public).verify(signature, (top + text).encode())
    except InvalidSignature:
        raise Broken(f"签名不成立：{key.name}") from None


def included(digest: Any, leaf: bytes, index: int, head: Head, proof: list[bytes]) -> bool:
    if not 0 <= index < head.size or any(len(one) != 32 for one in proof):
        return False
    place, last, made = index, head.size - 1, digest(b"\x00" + leaf)
    for one in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            made = digest(b"\x01" + one + made)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            made = digest(b"\x01" + made + one)
        place, last = place >> 1, last >> 1
    return last == 0 and bool(made == head.root)


def consistent(digest: Any, old: Head, new: Head, proof: list[bytes]) -> bool:
    if not 0 < old.size <= new.size or any(len(one) != 32 for one in proof):
        return False
    if old.size == new.size:
        return not proof and old.root == new.root
    path = proof if old.size & (old.size - 1) else [old.root, *proof]
    place, last = old.size - 1, new.size - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    if not path:
        return False
    first = second = path[0]
    for one in path[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            first, second = digest(b"\x01" + one + first), digest(b"\x01" + one + second)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            second = digest(b"\x01" + second + one)
        place, last = place >> 1, last >> 1
    return last == 0 and first == old.root and second == new.root


class Check:
    """One run over one bundle: what was found wrong, what was counted, what was left unchecked."""

    def __init__(self, archive: zipfile.ZipFile, policy: Policy) -> None:
        self.archive, self.policy = archive, policy
        self.faults: list[str] = []
        self.counts = {"events": 0, "fields": 0, "redacted": 0, "erased": 0}
        self.heads: dict[str, Head] = {}
        self.twins: dict[str, tuple[Head, dict[str, list[str]]]] = {}
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
        for name in names:
            if sha256(self.archive.read(name)).hex() != told["files"].get(name):
                self.faults.append(f"文件被改动：{name}")

    def events(self) -> None:
        lines = self.archive.read("events.jsonl").decode().splitlines()
        for number, line in enumerate(lines, 1):
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
        leaf = b"\x01" + sha256(salt + body) + sm3(salt + body)
        self.place(one, leaf)
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
                if by:
                    self.erased.append((event_id, name, by))
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
        head = self.head(note)
        if not head.origin.endswith(f"/{one['log']}"):
            raise Broken("证明属于另一个日志")
        if not included(sha256, leaf, one["index"], head, [unpack(line) for line in path]):
            raise Broken("不在 SHA-256 树中所说的位置")
        twin = self.twin(one["log"])
        if twin[0].origin != f"{head.origin}-sm3":
            raise Broken("SM3 证明属于另一个日志")
        if not included(sm3, leaf, one["index"], twin[0], [unpack(line) for line in twin[1][one["id"]]]):
            raise Broken("不在 SM3 树中所说的位置")

    def twin(self, log: str) -> tuple[Head, dict[str, list[str]]]:
        if log not in self.twins:
            told = json.loads(self.archive.read(f"sm3-{log}.json").decode())
            self.twins[log] = self.head(told["note"]), told["proofs"]
        return self.twins[log]

    def absence(self) -> None:
        """By the heads noted last: no version was left out, and an object that is not there had no history."""
        told = json.loads(self.archive.read("heads.json").decode())
        noted = self.said[told["event"]]
        head = Head("", noted["count"], bytes.fromhex(noted["root_sha256"]))
        for stream, key, shown in told["of"]:
            for one in shown:
                name, other, ver, commitment = one["entry"]
                leaf = f"{name}\n{other}\n{ver}\n".encode() + unpack(commitment)
                if not included(sha256, leaf, one["at"], head, [unpack(line) for line in one["proof"]]):
                    raise Broken(f"对象 {stream}/{key} 的最新版本证明不成立")
                if (name, other) == (stream, key) and self.versions.get((name, other, ver)) != unpack(
                    commitment
                ):
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


def unchecked(own_policy: bool, old_head: bool, noted: bool) -> list[str]:
    """What no program can tell from the bundle alone."""
    left = ["事件所述是否属实（只证明记下之后未被改动）", "时间线文件（供阅读）；附件原件（请自行比对摘要）"]
    left.append("当日之后的新版本" if noted else "是否遗漏了更新的版本（包内没有当日最新版本的证明）")
    left += [] if own_policy else ["见证策略取自包内，未与您自己留存的策略比对（--policy）"]
    return left if old_head else [*left, "日志是否延续您以前见过的树头（--head）"]


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
            check.faults += [
                f"缺少对象 {name}/{key} 的记录" for name, key in check.wanted - check.chains.keys()
            ]
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
    lines += [
        "未核验：",
        *(f"  {line}" for line in unchecked(bool(options.policy), bool(options.head), noted)),
    ]
    lines.append(f"结论：{len(check.faults)} 处不符" if check.faults else "结论：全部相符")
    sys.stdout.write("\n".join([*lines, ""]))
    return 1 if check.faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
