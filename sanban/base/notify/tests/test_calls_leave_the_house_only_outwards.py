"""The guard of calls out: public addresses only, the judged address is the one that is called, and time is bounded."""

import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from sanban.base.notify import outbound
from sanban.base.notify.outbound import Target, Unreachable, Unsafe, judge, may_reach, networks, post

PUBLIC = ["93.184.216.34"]
REFUSED_ADDRESSES = (
    "127.0.0.1", "127.255.255.254", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254",
    "169.254.0.1", "100.64.0.1", "100.100.100.200", "0.0.0.0", "192.0.0.1", "192.0.2.1", "198.18.0.1", "224.0.0.1",
    "240.0.0.1", "255.255.255.255", "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "ff02::1",
    "2001:db8::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1",
    "64:ff9b::7f00:1", "64:ff9b:1::1", "2002:7f00:1::", "2001::1",
)  # fmt: skip
REFUSED_SHAPES = (
    "ftp://bot.example/", "file:///etc/passwd", "gopher://bot.example/", "//bot.example/", "bot.example",
    "http://user@bot.example/", "http://user:word@bot.example/", "https://@bot.example/", "http://bot.example:22/",
    "http://bot.example:8080/", "http://bot.example:65536/", "http://bot.example:x/", "http://bot.example:0/",
    "http://2130706433/", "http://0x7f000001/", "http://0x7f.1/", "http://0177.0.0.1/", "http://127.1/",
    "http://010.0.0.1/", "http://1.2.3.4.5/", "http:///path", "http://[::1", "http://bot.example\\@inner/",
    "http://bot.example/a b", "http://bot.example/\r\nHost: inner", "http://机器人.example/", "http://-/",
    "http://bot..example/", "http://" + "a" * 600 + ".example/",
)  # fmt: skip


@pytest.mark.parametrize("text", REFUSED_ADDRESSES)
def test_no_inner_or_reserved_address_is_reached_under_any_writing(text: str) -> None:
    assert not may_reach(ipaddress.ip_address(text))
    with pytest.raises(Unsafe):
        judge("https://bot.example/", resolve=lambda _host, _port: [text])


@pytest.mark.parametrize("url", REFUSED_SHAPES)
def test_no_crooked_address_is_even_resolved(url: str) -> None:
    def resolve(_host: str, _port: int) -> list[str]:
        raise AssertionError("was resolved")

    with pytest.raises(Unsafe):
        judge(url, resolve=resolve)


@pytest.mark.parametrize(
    ("url", "found"),
    [
        (
            "https://bot.example/cgi/send?key=1",
            Target(True, "bot.example", 443, "/cgi/send?key=1", PUBLIC[0]),
        ),
        ("http://Bot.Example", Target(False, "bot.example", 80, "/", PUBLIC[0])),
        ("https://bot.example.:8443/x", Target(True, "bot.example.", 8443, "/x", PUBLIC[0])),
        ("http://93.184.216.34/", Target(False, "93.184.216.34", 80, "/", PUBLIC[0])),
    ],
)
def test_a_public_address_is_judged_once_and_kept(url: str, found: Target) -> None:
    assert judge(url, resolve=lambda _host, _port: PUBLIC) == found


def test_one_inner_address_among_many_refuses_the_name() -> None:
    with pytest.raises(Unsafe, match=r"10\.0\.0\.8"):
        judge("https://bot.example/", resolve=lambda _host, _port: [*PUBLIC, "10.0.0.8"])
    with pytest.raises(Unreachable):
        judge("https://bot.example/", resolve=lambda _host, _port: [])


def test_a_name_that_leads_to_this_machine_is_refused_after_it_was_really_resolved() -> None:
    with pytest.raises(Unsafe):
        judge("http://localhost/")


def test_allowed_networks_open_themselves_only_and_never_the_places_of_keys() -> None:
    inner = networks("10.8.0.0/16, fd12::/16")
    assert judge("http://im.inner/", allow=inner, resolve=lambda _h, _p: ["10.8.1.2"]).ip == "10.8.1.2"
    assert may_reach(ipaddress.ip_address("::ffff:10.8.1.2"), inner)
    assert may_reach(ipaddress.ip_address("fd12::5"), inner)
    assert not may_reach(ipaddress.ip_address("10.9.0.1"), inner)
    everything = networks("0.0.0.0/0,::/0")
    for text in ("169.254.169.254", "fe80::1", "fd00:ec2::254", "100.100.100.200", "::ffff:169.254.169.254"):
        assert not may_reach(ipaddress.ip_address(text), everything)


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_is_judged_alike_however_ipv6_carries_it(address: ipaddress.IPv4Address) -> None:
    mapped = ipaddress.IPv6Address(b"\0" * 10 + b"\xff\xff" + address.packed)
    assert may_reach(mapped) == may_reach(address)
    if may_reach(address):
        assert address.is_global and not address.is_private and not address.is_multicast
    for prefix in (b"\0\x64\xff\x9b" + b"\0" * 8, b"\0" * 12):
        assert not may_reach(ipaddress.IPv6Address(prefix + address.packed))


@given(st.ip_addresses(v=6))
def test_no_ipv6_address_that_is_not_global_is_reached(address: ipaddress.IPv6Address) -> None:
    if address.ipv4_mapped is None and not address.is_global:
        assert not may_reach(address)


@given(st.text(max_size=60))
def test_any_text_is_refused_or_gives_a_target_of_the_allowed_shape(text: str) -> None:
    try:
        target = judge("http://" + text, resolve=lambda _host, _port: PUBLIC)
    except Unsafe:
        return
    assert (target.ip, target.port in outbound.PORTS) == (PUBLIC[0], True)
    assert "@" not in target.host and target.path.startswith("/")


class _Bot(BaseHTTPRequestHandler):
    """Answers as its server's `plan` says, and keeps what it heard."""

    def do_POST(self) -> None:
        heard = (self.path, dict(self.headers), self.rfile.read(int(self.headers["Content-Length"])))
        self.server.heard.append(heard)  # type: ignore[attr-defined]
        plan = self.server.plan  # type: ignore[attr-defined]
        if plan.startswith("drip"):
            self.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n" if plan == "drip body" else b"HTTP/1.1 ")
            for _n in range(60):
                self.wfile.write(b"2")
                time.sleep(0.05)
            return
        self.send_response(302 if plan == "redirect" else 200)
        if plan == "redirect":
            self.send_header("Location", "http://169.254.169.254/")
        self.end_headers()
        self.wfile.write(b"x" * (200_000 if plan == "flood" else 2))

    def log_message(self, *_words: Any) -> None:
        """Tests are quiet."""


@pytest.fixture
def bot() -> Iterator[HTTPServer]:
    server = HTTPServer(("127.0.0.1", 0), _Bot)
    server.heard, server.plan = [], ""  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


def _target(server: HTTPServer, host: str = "bot.example") -> Target:
    return Target(False, host, server.server_port, "/in?key=1", "127.0.0.1")


def test_the_call_goes_to_the_judged_address_with_the_name_in_its_head(
    bot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def again(*_words: Any) -> Any:
        raise AssertionError("the name was resolved again")

    connect = socket.create_connection
    asked: list[Any] = []
    monkeypatch.setattr(socket, "getaddrinfo", lambda host, *rest: _numeric(host, *rest) or again())

    def connected(to: Any, *rest: Any) -> socket.socket:
        asked.append(to)
        return connect(to, *rest)

    monkeypatch.setattr(socket, "create_connection", connected)
    assert post(_target(bot), b"{}", {"Content-Type": "application/json"}) == 200
    assert asked == [("127.0.0.1", bot.server_port)]
    path, head, body = bot.heard[0]
    assert (path, head["Host"], body) == ("/in?key=1", f"bot.example:{bot.server_port}", b"{}")


def _numeric(host: str, *rest: Any) -> Any:
    """What the system says of an address that is a number already."""
    ipaddress.ip_address(host)
    return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (host, rest[0]))]


def test_a_redirect_is_an_answer_and_is_not_followed(bot: Any) -> None:
    bot.plan = "redirect"
    assert post(_target(bot), b"{}", {}) == 302
    assert len(bot.heard) == 1


def test_of_a_long_answer_only_the_beginning_is_read(bot: Any) -> None:
    bot.plan = "flood"
    assert post(_target(bot), b"{}", {}) == 200


@pytest.mark.parametrize("part", ["head", "body"])
def test_an_answer_that_drips_is_ended_by_the_watchdog(
    bot: Any, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    monkeypatch.setattr(outbound, "WHOLE_SECONDS", 0.3)
    bot.plan = f"drip {part}"
    began = time.perf_counter()
    with pytest.raises(Unreachable):
        post(_target(bot), b"{}", {})
    assert time.perf_counter() - began < 1.5


def test_a_door_that_is_closed_is_unreachable() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    with pytest.raises(Unreachable):
        post(Target(False, "bot.example", port, "/", "127.0.0.1"), b"{}", {})


def _own_certificate(folder: Path) -> Path:
    """A certificate that nobody vouches for, for bot.example."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "bot.example")])
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2120, 1, 1, tzinfo=UTC))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("bot.example")]), critical=False)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = folder / "bot.pem"
    path.write_bytes(private + made.public_bytes(pem))
    return path


def test_tls_is_checked_against_the_name_and_who_vouches_for_it(
    bot: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pem = _own_certificate(tmp_path)
    far = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    far.load_cert_chain(pem)
    bot.socket = far.wrap_socket(bot.socket, server_side=True)
    with pytest.raises(Unreachable, match="SSLCertVerificationError"):
        post(replace(_target(bot), secure=True), b"{}", {})
    known = ssl.create_default_context(cafile=str(pem))
    monkeypatch.setattr(ssl, "create_default_context", lambda: known)
    assert post(replace(_target(bot), secure=True), b"{}", {}) == 200
    with pytest.raises(Unreachable, match="SSLCertVerificationError"):
        post(replace(_target(bot), secure=True, host="other.example"), b"{}", {})
