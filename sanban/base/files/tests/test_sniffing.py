"""A file is what its bytes are, whatever its name says."""

import pytest

from sanban.base.files.sniff import sniff
from sanban.base.files.tests import samples

PAPER = "关于印发《协同工作办法》的通知\n各处室：现将办法印发给你们，请认真贯彻执行。\n"


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16", "utf-16-le", "utf-16-be", "utf-8-sig"])
def test_an_office_paper_is_text_in_each_encoding_used_in_offices(encoding: str) -> None:
    found = sniff(PAPER.encode(encoding), "通知.txt")
    assert (found.kind, found.encoding) == ("txt", encoding)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (samples.word("正文"), "docx"),
        (samples.pdf("正文"), "pdf"),
        (samples.PNG, "png"),
        (b"", "empty"),
        (b"<!DOCTYPE html><html><body>x</body></html>", "html"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504, "doc"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
        (b"PK\x03\x04....OFD.xml", "ofd"),
        (b"PK\x03\x04....readme", "zip"),
        (b"\x7fELF\x02\x01\x01" + b"\0" * 57, "elf"),
        (b"\x01\x02\x03\x00\xff\xfe\x00", "unknown"),
    ],
)
def test_the_kind_follows_the_content_not_the_name(data: bytes, kind: str) -> None:
    assert sniff(data, "报告.txt").kind == kind


def test_a_fragment_of_html_is_a_page_only_when_its_name_says_so() -> None:
    fragment = "<p>第一段</p>".encode()
    assert sniff(fragment, "a.html").kind == "html"
    assert sniff(fragment, "a.txt").kind == "txt"


def test_a_page_that_declares_gb2312_is_read_as_gb18030() -> None:
    page = '<html><head><meta charset="gb2312"></head><body>督查</body></html>'.encode("gb18030")
    assert (sniff(page, "a.htm").kind, sniff(page, "a.htm").encoding) == ("html", "gb18030")


def test_text_with_a_null_byte_inside_is_not_text() -> None:
    assert sniff("正文\0正文".encode(), "a.txt").kind == "unknown"
