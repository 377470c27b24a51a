"""The answer that carries a file's bytes away."""

from pathlib import PurePath

from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from sanban.base.access.readlog.recording import DOWNLOAD, shown
from sanban.base.files.models import FileVersion


def leaving(request: HttpRequest, version: FileVersion, data: bytes) -> HttpResponse:
    """The bytes as they were handed in, always as an attachment. The name of a work secret says which read took it."""
    file = version.file
    shown(request, "file", file.pk, level=file.level, fields=[f"version {version.no}"], how=DOWNLOAD)
    kind = "application/octet-stream" if version.kind == "html" else version.media_type
    answer = HttpResponse(data, content_type=kind)
    name, number = PurePath(version.name), request.read_mark.number  # type: ignore[attr-defined]
    if number:
        name = name.with_stem(_("%(name)s（查阅号 %(number)s）") % {"name": name.stem, "number": number})
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=str(name))
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["Cache-Control"] = "private, no-store"
    return answer
