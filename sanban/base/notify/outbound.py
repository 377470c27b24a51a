"""Sending to an address that somebody typed in: nothing inside the house may be reached by it.

The rules: http or https, ports 80, 443 and 8443, no name and password in the address, no redirect. The name is
resolved once, every address it has must be a public one (or of a network that settings allow), and the connection
goes to the very address that was judged, so that a second answer of the name server changes nothing. TLS is checked
against the name. A watchdog ends the talk after ten seconds; at most 64 kB of the answer are read.
"""

import http.client
import ipaddress
import re
import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as Late
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

PORTS: Final = (80, 443, 8443)
STEP_SECONDS: Final = 5.0
WHOLE_SECONDS: Final = 10.0
ANSWER_BYTES: Final = 64 * 1024
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Resolve = Callable[[str, int], Sequence[str]]
NEVER: Final = tuple(
    ipaddress.ip_network(net)
    for net in ("169.254.0.0/16", "fe80::/10", "fd00:ec2::/32", "100.100.100.200/32")
)
"""Link-local and the addresses where clouds keep keys: refused even where a wider network is allowed."""
_EMBEDDING: Final = tuple(
    ipaddress.IPv6Network(net)
    for net in ("64:ff9b::/96", "64:ff9b:1::/48", "::/96", "2002::/16", "2001::/32")
)
_NAME: Final = re.compile(
    r"(?=.{1,253}\Z)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)*[a-z0-9-]*[a-z][a-z0-9-]*\.?"
)
_resolvers: Final = ThreadPoolExecutor(max_workers=2, thread_name_prefix="resolve")


class Unsafe(Exception):
    """The address may not be called. Trying again would not help."""


class Unreachable(Exception):
    """The address did not answer as it should. Trying again may help."""


@dataclass(frozen=True, slots=True)
class Target:
    """An address that was judged: where to connect, and what to say there."""

    secure: bool
    host: str
    port: int
    path: str
    ip: str


def networks(text: str) -> tuple[Network, ...]:
    """Networks written with commas, as settings have them."""
    return tuple(ipaddress.ip_network(part.strip(), strict=False) for part in text.split(",") if part.strip())


def may_reach(address: Address, allow: Iterable[Network] = ()) -> bool:
    """Whether an address is public, or of an allowed network; what an IPv6 address carries inside is judged too."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.scope_id:
            return False
        if address.ipv4_mapped is not None:
            return may_reach(address.ipv4_mapped, allow)
    if any(address in net for net in NEVER if net.version == address.version):
        return False
    if any(address in net for net in allow if net.version == address.version):
        return True
    if isinstance(address, ipaddress.IPv6Address) and any(address in net for net in _EMBEDDING):
        return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


def judge(url: str, *, allow: Iterable[Network] = (), resolve: Resolve | None = None) -> Target:
    """Where a call to this address would go, or the reason why it may not."""
    secure, host, port, path = shape(url)
    found = (resolve or _resolved)(host, port)
    allowed = tuple(allow)
    if not found:
        raise Unreachable(_("域名 %(host)s 没有地址。") % {"host": host})
    for text in found:
        if not may_reach(ipaddress.ip_address(text), allowed):
            raise Unsafe(
                _(
                    "%(host)s 指向内部或保留地址 %(ip)s，不允许推送。内网服务器请由管理员列入 SANBAN_WEBHOOK_ALLOW。"
                )
                % {"host": host, "ip": text}
            )
    return Target(secure, host, port, path, found[0])


def shape(url: str) -> tuple[bool, str, int, str]:
    """The parts of an address whose form is allowed: (https, host, port, path)."""
    if (
        len(url) > 500
        or not url.isascii()
        or any(ord(sign) < 33 or ord(sign) == 127 for sign in url)
        or "\\" in url
    ):
        raise Unsafe(_("地址中有不允许的字符，或过长。"))
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise Unsafe(_("地址写法不正确，请核对。")) from None
    if parts.scheme not in ("http", "https"):
        raise Unsafe(_("只支持 http 和 https 地址。"))
    if "@" in parts.netloc:
        raise Unsafe(_("地址中不能带用户名或口令。"))
    secure = parts.scheme == "https"
    port = (443 if secure else 80) if port is None else port
    if port not in PORTS:
        raise Unsafe(_("端口只能是 80、443 或 8443。"))
    return (
        secure,
        _host(parts.hostname or ""),
        port,
        (parts.path or "/") + (f"?{parts.query}" if parts.query else ""),
    )


def _host(host: str) -> str:
    """A name, or a number in its one usual form: 2130706433, 0x7f.1 and 0177.0.0.1 are refused."""
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        if _NAME.fullmatch(host.lower()) is None or re.fullmatch(r"(?:.*\.)?0x[0-9a-f]*\.?", host.lower()):
            raise Unsafe(_("主机名写法不正确，请使用域名或普通写法的地址。")) from None
        return host.lower()


def _resolved(host: str, port: int) -> list[str]:
    """All addresses of a name, within the time of one step."""
    asked = _resolvers.submit(socket.getaddrinfo, host, port, 0, socket.SOCK_STREAM)
    try:
        rows = asked.result(timeout=STEP_SECONDS)
    except (OSError, UnicodeError, Late):
        raise Unreachable(_("域名 %(host)s 无法解析。") % {"host": host}) from None
    return [str(row[4][0]) for row in rows]


class _Plain(http.client.HTTPConnection):
    """A connection to the judged address, whatever the name says by now."""

    def __init__(self, target: Target) -> None:
        super().__init__(target.host, target.port, timeout=STEP_SECONDS)
        self.target = target
        self.wire: socket.socket | None = None  # `sock` is given up when the head of the answer is read

    def connect(self) -> None:
        """Open a socket to the judged address."""
        self.sock = self.wire = socket.create_connection((self.target.ip, self.target.port), STEP_SECONDS)


class _Secure(_Plain):
    """The same with TLS, checked against the name."""

    default_port = 443

    def connect(self) -> None:
        """Open a socket to the judged address and prove the name."""
        super().connect()
        name = self.target.host.rstrip(".")
        self.sock = self.wire = ssl.create_default_context().wrap_socket(self.sock, server_hostname=name)


def post(target: Target, body: bytes, headers: Mapping[str, str]) -> int:
    """Send, and return the status of the answer; redirects are answers like others and are not followed."""
    line = (_Secure if target.secure else _Plain)(target)
    ended = threading.Event()

    def end() -> None:
        ended.set()
        if line.wire is not None:
            try:
                line.wire.shutdown(socket.SHUT_RDWR)
            except OSError:
                return

    watchdog = threading.Timer(WHOLE_SECONDS, end)
    watchdog.daemon = True
    watchdog.start()
    try:
        line.request(
            "POST", target.path, body, {**headers, "Connection": "close", "User-Agent": "sanban-webhook/1"}
        )
        answer = line.getresponse()
        answer.read(ANSWER_BYTES)
        if ended.is_set():
            raise TimeoutError
        return answer.status
    except (OSError, http.client.HTTPException) as error:
        why = _("超时") if ended.is_set() or isinstance(error, TimeoutError) else type(error).__name__
        raise Unreachable(
            _("%(host)s 没有正常应答（%(why)s）。") % {"host": target.host, "why": why}
        ) from error
    finally:
        watchdog.cancel()
        line.close()
