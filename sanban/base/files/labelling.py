"""What a higher level asks of the bytes of a file."""

from sanban.base.access.registry import register_preparation
from sanban.base.files import blobs
from sanban.base.files.models import FileVersion
from sanban.base.files.rules import SECRET


def keep_secret(file_id: int, level: int) -> None:
    """The file is about to become a work secret: so are the bytes and texts of all its versions."""
    if level == SECRET:
        for digests in FileVersion.objects.filter(file_id=file_id).values_list("sha256", "text_sha256"):
            for sha256 in digests:
                blobs.keep_secret(sha256)


register_preparation("file", keep_secret)
