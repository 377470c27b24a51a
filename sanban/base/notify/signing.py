"""The key of a webhook and the signature of what is sent to it.

A key is never stored: it follows from the site's own secret and the endpoint's number, is shown once, and can be
made again whenever something is signed. A new site secret therefore means new webhook keys.
"""

import base64
import hashlib
import hmac
from datetime import datetime
from typing import Final

from django.conf import settings

HEADER: Final = "Sanban-Signature"


def key_of(endpoint_id: int) -> str:
    """The key of one endpoint."""
    made = hmac.new(settings.SECRET_KEY.encode(), f"notify.webhook:{endpoint_id}".encode(), hashlib.sha256)
    return "sbw_" + base64.urlsafe_b64encode(made.digest()).decode().rstrip("=")


def signature(key: str, at: datetime, body: bytes) -> str:
    """`t=<unix>,v1=<hex>`: HMAC-SHA256 of "t.body" with the key."""
    stamp = str(int(at.timestamp()))
    digest = hmac.new(key.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    return f"t={stamp},v1={digest}"
