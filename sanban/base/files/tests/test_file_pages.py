"""The pages: hand in, preview with marks, renew, release, download as an attachment only."""

from pathlib import Path
from typing import Any

import pytest
from django.contrib.messages.storage.cookie import CookieStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.test import RequestFactory

from sanban.base.access.actor import SYSTEM, Actor
from sanban.base.files import actions, views
from sanban.base.files.intake import receive
from sanban.base.files.models import StoredFile
from sanban.base.files.scan import ScanResult
from sanban.base.files.tests import people, samples
from sanban.base.ledger.models import LedgerEvent

pytestmark = pytest.mark.django_db
MAKE = RequestFactory()


@pytest.fixture(autouse=True)
def _var(tmp_path: Path, settings: Any) -> None:
    settings.SANBAN_VAR = tmp_path
    settings.SANBAN_CLAMAV = ""


def by(actor: Actor, request: HttpRequest) -> HttpRequest:
    request.actor = actor  # type: ignore[attr-defined]
    request.session = {}  # type: ignore[assignment]
    request._messages = CookieStorage(request)  # type: ignore[attr-defined]
    request._dont_enforce_csrf_checks = True  # type: ignore[attr-defined]
    return request


def hand_in(data: bytes, name: str, level: int = 1) -> HttpResponse:
    form = {"file": SimpleUploadedFile(name, data), "level": str(level)}
    return views.index(by(people.UPLOADER, MAKE.post("/files/", form)))


def see(file_id: int, actor: Actor = people.UPLOADER, **query: str) -> str:
    return views.detail(by(actor, MAKE.get("/files/1/", query)), file_id=file_id).content.decode()


def stored(data: bytes, name: str, level: int = 1, actor: Actor = people.UPLOADER) -> int:
    return actions.upload(actor=actor, received=receive(data, name), level=level)


def test_a_file_is_handed_in_and_its_page_says_it_is_held() -> None:
    answer = hand_in("第一条\n第二条\n".encode(), "办法.txt")
    assert answer.status_code == 302
    page = see(StoredFile.objects.get().id)
    assert "尚未查毒，暂不能下载" in page
    assert "第 1 行</small>&ensp;第一条\n" in page
    assert "/download/" not in page


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "文件“材料.docx”是空的（0 字节）"),
        (samples.pdf("密", encrypted=True), "设有打开密码"),
        (samples.word("正文")[:-40], "已损坏"),
        (b"\x7fELF\x02\x01\x01" + b"\0" * 57, "按内容识别为 elf"),
    ],
)
def test_a_file_that_cannot_be_taken_is_refused_at_its_field(data: bytes, said: str) -> None:
    answer = hand_in(data, "材料.docx")
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert StoredFile.objects.count() == 0


def test_an_over_large_file_is_refused_with_both_figures(settings: Any) -> None:
    settings.SANBAN_FILE_MAX_MB = 1
    answer = hand_in(b"a" * (1024 * 1024 + 1), "大.txt")
    assert answer.status_code == 422
    assert "文件“大.txt”有 2 MB，超过 1 MB 的上限" in answer.content.decode()


def test_a_state_secret_is_turned_away_and_put_on_record_by_its_digest_alone() -> None:
    answer = hand_in("绝密★\n某事\n".encode(), "某事.txt")
    assert "不得存放国家秘密" in answer.content.decode()
    assert StoredFile.objects.count() == 0
    assert LedgerEvent.objects.get().kind == "access.act_refused"


def test_pages_of_a_pdf_and_rows_of_a_table_carry_their_marks() -> None:
    page = see(stored(samples.pdf("甲页正文", "乙页正文"), "a.pdf"))
    assert "第 2 页</small>&ensp;乙页正文" in page
    page = see(stored(samples.word("总则", tables=((("事项", "单位"),),)), "a.docx"))
    assert "第 1 段</small>&ensp;总则" in page
    assert "表 1 第 1 行</small>&ensp;事项 │ 单位" in page


def test_text_is_shown_as_text_never_as_markup() -> None:
    page = see(stored(b"<script>alert(1)</script>\n", "a.txt"))
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_a_clean_file_downloads_as_an_attachment_that_no_browser_runs() -> None:
    data = b"<html><body><script>alert(1)</script>x</body></html>"
    file_id = stored(data, "页面.html")
    request = by(people.UPLOADER, MAKE.get("/"))
    held = views.download(request, file_id=file_id, no=1)
    assert (held.status_code, held.headers["Content-Type"]) == (403, "text/html; charset=utf-8")
    actions.record_scan(actor=SYSTEM, file_id=file_id, no=1, result=ScanResult(state="clean"))
    answer = views.download(request, file_id=file_id, no=1)
    assert (answer.status_code, answer.content) == (200, data)
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"] == "attachment; filename*=utf-8''%E9%A1%B5%E9%9D%A2.html"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_a_stranger_finds_nothing() -> None:
    file_id = stored(b"x", "a.txt")
    for page, more in ((views.detail, {}), (views.download, {"no": 1})):
        with pytest.raises(Http404):
            page(by(people.STRANGER, MAKE.get("/")), file_id=file_id, **more)


def test_versions_are_listed_and_an_old_one_says_so() -> None:
    file_id = stored("旧文\n".encode(), "a.txt")
    form = {"file": SimpleUploadedFile("b.txt", "新文\n".encode())}
    answer = views.add_version(by(people.UPLOADER, MAKE.post("/", form)), file_id=file_id)
    assert answer.status_code == 302
    assert "新文" in see(file_id)
    old = see(file_id, v="1")
    assert "您看到的是第 1 版，当前是第 2 版。" in old
    assert "旧文" in old


def test_an_officer_of_security_releases_from_the_page() -> None:
    file_id = stored(b"x", "a.txt")
    assert "人工放行" not in see(file_id)
    assert "人工放行" in see(file_id, people.SECURITY)
    short = views.release(by(people.SECURITY, MAKE.post("/", {"reason": "好"})), file_id=file_id, no=1)
    assert short.status_code == 422
    done = views.release(
        by(people.SECURITY, MAKE.post("/", {"reason": "已用单机版查毒"})), file_id=file_id, no=1
    )
    assert done.status_code == 302
    assert "人工放行：已用单机版查毒" in see(file_id)


def test_a_secret_file_carries_its_band() -> None:
    file_id = stored(b"x", "a.txt", level=2, actor=people.TRUSTED_UPLOADER)
    assert '<p class="band">工作秘密</p>' in see(file_id, people.TRUSTED_UPLOADER)
