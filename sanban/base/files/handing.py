"""Bytes that a program hands in, brought as far as an act can take them."""

import hashlib
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from sanban.base.access.actor import Actor
from sanban.base.files.extraction.model import MIB
from sanban.base.files.intake import Received, limits, receive
from sanban.base.files.refusals import ExtractionRefused
from sanban.base.ledger.act import record_refusal
from sanban.base.ledger.errors import Refused


def hand_in(actor: Actor, handed: "UploadedFile[Any]", *, act: str, need_text: bool = False) -> Received:
    """Take the bytes in, unless they are too many; a state-secret mark is put on record and the bytes are not kept."""
    name, most = handed.name or "", limits().file_bytes
    if (handed.size or 0) > most:
        size = -(-(handed.size or 0) // MIB)
        raise ExtractionRefused("too_large", name=name, size=size, limit=most // MIB)
    data = handed.read()
    try:
        return receive(data, name, need_text=need_text)
    except ExtractionRefused as no:
        if no.reason == "secret_mark":
            digest = hashlib.sha256(data).hexdigest()
            record_refusal(actor, act, Refused(_("文件带有国家秘密标志，未保存；摘要 %s") % digest))
        raise
