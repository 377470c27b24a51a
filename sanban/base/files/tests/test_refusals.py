"""A file that gives no text is refused with a code and a sentence: what, where, how to mend it."""

import time

import pytest

from sanban.base.files.extract import DEFAULT_LIMITS, ExtractionRefused, Limits, extract
from sanban.base.files.tests import samples

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MIB = 1024 * 1024


def refusal(data: bytes, limits: Limits = DEFAULT_LIMITS) -> ExtractionRefused:
    with pytest.raises(ExtractionRefused) as caught:
        extract(data, "材料", limits=limits)
    return caught.value


@pytest.mark.parametrize(
    ("data", "code", "reason"),
    [
        (b"", "empty", ""),
        (b" \r\n\t", "empty", "no_text"),
        (samples.word(), "empty", "no_text"),
        (samples.pdf(""), "empty", "no_text"),
        (b"<html><body></body></html>", "empty", "no_text"),
        (samples.pdf("", "", image=True), "image_only", "pdf"),
        (samples.PNG, "image_only", ""),
        (b"<html><body><img src='a.png'></body></html>", "image_only", "web"),
        (samples.pdf("密", encrypted=True), "encrypted", "pdf"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "encrypted", ""),
        (samples.word("正文")[:-40], "broken", "archive"),
        (samples.of_later_days(samples.word("正文")), "broken", "archive"),
        (samples.with_body("<w:p><w:r>"), "broken", "xml"),
        (b"%PDF-1.7\n nothing follows", "broken", "pdf"),
        (samples.pdf("\ue001\ue002\ue003"), "broken", "glyphs"),
        (OLE + b"\0" * 504, "unsupported", "doc"),
        (b"\x7fELF\x02\x01\x01" + b"\0" * 57, "unsupported", ""),
    ],
)
def test_a_file_without_text_is_refused_by_its_cause(data: bytes, code: str, reason: str) -> None:
    no = refusal(data)
    assert (no.code, no.reason) == (code, reason)
    assert "文件“材料”" in no.message
    assert "请" in no.message
    assert "%(" not in no.message


def test_a_file_above_the_limit_is_refused_with_both_figures() -> None:
    no = refusal(b"a" * (MIB + 1), Limits(file_bytes=MIB))
    assert no.message == "文件“材料”有 2 MB，超过 1 MB 的上限。请拆成几个文件，或压缩其中的图片后再上传。"


def test_a_text_a_page_count_and_an_archive_above_the_limit_are_refused() -> None:
    assert refusal("字".encode() * 11, Limits(text_chars=10)).reason == "text"
    assert refusal(samples.word("字" * 11), Limits(text_chars=10)).reason == "text"
    assert refusal(samples.pdf("一", "二"), Limits(pages=1)).reason == "pages"
    assert refusal(samples.word("一"), Limits(zip_entries=3)).reason == "entries"


def test_a_small_archive_that_unfolds_into_a_huge_one_is_not_opened() -> None:
    data = samples.bomb(40)
    assert len(data) < MIB
    no = refusal(data, Limits(zip_bytes=32 * MIB))
    assert (no.code, no.reason) == ("too_large", "unfolded")


def test_a_reader_that_needs_too_much_memory_is_stopped() -> None:
    data = samples.with_body("<w:p/>" * 2_000_000)
    assert len(data) < MIB
    no = refusal(data, Limits(memory_bytes=256 * MIB))
    assert (no.code, no.reason) == ("too_large", "memory")


def test_a_reader_that_takes_too_long_is_stopped() -> None:
    page = b"<html><body>" + b"<p>x</p>" * 60_000 + b"</body></html>"
    began = time.monotonic()
    no = refusal(page, Limits(cpu_seconds=60, wall_seconds=1))
    assert (no.code, no.reason) == ("too_large", "time")
    assert time.monotonic() - began < 5


def test_a_reader_that_burns_the_processor_is_stopped_by_the_system() -> None:
    page = b"<html><body>" + b"<p>x</p>" * 60_000 + b"</body></html>"
    no = refusal(page, Limits(cpu_seconds=1, wall_seconds=60))
    assert (no.code, no.reason) == ("too_large", "time")
