"""Load from outside: keep-alive connections, one thread a client, half a second of warming before the clock runs."""

import http.client
import threading
import time
import urllib.parse
from collections.abc import Callable
from dataclasses import dataclass, field

Ask = tuple[str, str, str | None, dict[str, str]]
"""Method, path, body, headers."""
WARM = 0.5


@dataclass
class Measured:
    """What one case gave at one number of clients, over all its rounds."""

    clients: int
    seconds: float = 0.0
    waits: list[float] = field(default_factory=list)
    bad: list[tuple[int, str]] = field(default_factory=list)
    size: int = 0

    def at(self, share: float) -> float:
        """The wait in ms below which such a share of the requests stayed."""
        ordered = sorted(self.waits)
        return round(ordered[min(len(ordered) - 1, int(len(ordered) * share))], 2) if ordered else 0.0

    def plain(self) -> dict[str, float | int | str]:
        """For the JSON line."""
        made: dict[str, float | int | str] = {
            "clients": self.clients, "per_s": round(len(self.waits) / self.seconds, 1), "p50_ms": self.at(0.5),
            "p95_ms": self.at(0.95), "kb": self.size // 1024,
        }  # fmt: skip
        if self.bad:
            made["bad"] = f"{len(self.bad)} {self.bad[0]}"
        return made


def measure(port: int, make: Callable[[], Ask], found: Measured, *, seconds: float) -> None:
    """Ask for so long with its clients and add what came; what is not 200, 201, 204 or 302 is counted as bad."""
    began = time.perf_counter()
    warm, end = began + WARM, began + WARM + seconds

    def run() -> None:
        line = http.client.HTTPConnection("127.0.0.1", port)
        while time.perf_counter() < end:
            method, path, body, headers = make()
            asked = time.perf_counter()
            try:
                line.request(method, path, body, headers)
                answer = line.getresponse()
                content = answer.read()
            except (http.client.HTTPException, OSError):
                line = http.client.HTTPConnection("127.0.0.1", port)
                continue
            waited = time.perf_counter() - asked
            if answer.status not in (200, 201, 204, 302):
                found.bad.append((answer.status, path))
            if asked >= warm:
                found.waits.append(waited * 1000)
                found.size = max(found.size, len(content))

    threads = [threading.Thread(target=run) for _n in range(found.clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found.seconds += max(time.perf_counter() - warm, 0.001)


def sign_in(port: int, login: str, password: str) -> dict[str, str]:
    """The headers of a signed-in browser."""
    line = http.client.HTTPConnection("127.0.0.1", port)
    line.request("GET", "/account/login/")
    answer = line.getresponse()
    answer.read()
    token = _cookies(answer)["csrftoken"]
    form = urllib.parse.urlencode({"login": login, "password": password, "csrfmiddlewaretoken": token})
    line.request("POST", "/account/login/", form, {
        "Cookie": f"csrftoken={token}", "Content-Type": "application/x-www-form-urlencoded",
    })  # fmt: skip
    answer = line.getresponse()
    answer.read()
    if answer.status != 302:
        raise RuntimeError(f"{login} could not sign in: {answer.status}")
    found = {"csrftoken": token, **_cookies(answer)}
    return {"Cookie": "; ".join(f"{name}={value}" for name, value in found.items())}


def _cookies(answer: http.client.HTTPResponse) -> dict[str, str]:
    return dict(line.split(";")[0].split("=", 1) for line in answer.msg.get_all("Set-Cookie") or [])
