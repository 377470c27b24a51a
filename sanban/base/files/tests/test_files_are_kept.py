"""A file handed in is kept unchanged in every version, held until scanned, and rebuilt from the ledger alone."""

from pathlib import Path
from typing import Any

import pytest

from sanban.base.access.actor import SYSTEM, Actor
from sanban.base.files import actions, blobs, queries, rules, sweep
from sanban.base.files.extract import ExtractionRefused
from sanban.base.files.intake import receive
from sanban.base.files.models import FileShare, FileVersion, StoredFile
from sanban.base.files.scan import ScanResult
from sanban.base.files.tests import people, samples
from sanban.base.ledger.errors import Denied, Refused
from sanban.base.ledger.models import LedgerEvent
from sanban.base.ledger.queries import timeline
from sanban.base.ledger.replay import replay_difference
from sanban.base.vault import boxes
from sanban.base.vault.provider import Locked

pytestmark = pytest.mark.django_db
CLEAN = ScanResult(state="clean")
EICAR = ScanResult(state="infected", detail="Eicar-Test-Signature")


@pytest.fixture(autouse=True)
def _var(tmp_path: Path, settings: Any) -> None:
    settings.SANBAN_VAR = tmp_path
    settings.SANBAN_CLAMAV = ""


def uploaded(text: str = "正文第一行\n", actor: Actor = people.UPLOADER, level: int = 1, **more: Any) -> int:
    received = receive(text.encode(), "办法.txt")
    return actions.upload(actor=actor, received=received, level=level, **more)


def test_an_uploaded_file_is_held_with_its_digests_and_its_text_is_readable() -> None:
    file_id = uploaded()
    version = queries.get_version(actor=people.UPLOADER, file_id=file_id)
    assert (version.no, version.kind, version.size, version.scan_state) == (1, "txt", 16, "held")
    assert (version.text_state, version.text_length) == ("read", 6)
    text = queries.get_text(actor=people.UPLOADER, file_id=file_id)
    assert (text.text, text.source_at(0)) == ("正文第一行\n", "line:1")


def test_a_held_file_does_not_leave_and_a_clean_one_does() -> None:
    file_id = uploaded()
    with pytest.raises(Refused, match="尚未查毒，暂不能下载"):
        queries.open_bytes(actor=people.UPLOADER, file_id=file_id)
    actions.record_scan(actor=SYSTEM, file_id=file_id, no=1, result=CLEAN)
    version, data = queries.open_bytes(actor=people.UPLOADER, file_id=file_id)
    assert (version.name, data.decode()) == ("办法.txt", "正文第一行\n")


def test_an_infected_file_gives_neither_bytes_nor_text() -> None:
    file_id = uploaded()
    actions.record_scan(actor=SYSTEM, file_id=file_id, no=1, result=EICAR)
    for question in (queries.open_bytes, queries.get_text):
        with pytest.raises(Refused, match="查出病毒（Eicar-Test-Signature）"):
            question(actor=people.UPLOADER, file_id=file_id)


def test_a_new_version_is_held_anew_and_the_old_one_stays() -> None:
    file_id = uploaded()
    actions.record_scan(actor=SYSTEM, file_id=file_id, no=1, result=CLEAN)
    actions.add_version(
        actor=people.COLLEAGUE, file_id=file_id, received=receive("新文\n".encode(), "新.txt")
    )
    assert [v.no for v in queries.get_versions(actor=people.UPLOADER, file_id=file_id)] == [2, 1]
    with pytest.raises(Refused, match="尚未查毒"):
        queries.open_bytes(actor=people.UPLOADER, file_id=file_id)
    assert queries.open_bytes(actor=people.UPLOADER, file_id=file_id, no=1)[1].decode() == "正文第一行\n"
    file = queries.get_file(actor=people.UPLOADER, file_id=file_id)
    assert (file.name, file.current_no, file.version) == ("新.txt", 2, 3)


def test_the_same_content_is_no_new_version_and_only_the_owners_renew() -> None:
    file_id = uploaded()
    with pytest.raises(Refused, match="完全相同"):
        actions.add_version(
            actor=people.UPLOADER, file_id=file_id, received=receive("正文第一行\n".encode(), "b.txt")
        )
    with pytest.raises(Denied, match="只有上传人或其单位"):
        actions.add_version(actor=people.SUPERVISOR, file_id=file_id, received=receive(b"x", "b.txt"))
    assert FileVersion.objects.count() == 1
    assert sorted(LedgerEvent.objects.values_list("kind", flat=True)) == [
        "access.act_refused", "access.act_refused", "files.file_uploaded",
    ]  # fmt: skip


def test_nobody_hands_in_above_his_own_clearance() -> None:
    with pytest.raises(Denied, match="不能上传这一密级"):
        uploaded(level=rules.SECRET)
    assert StoredFile.objects.count() == 0
    assert LedgerEvent.objects.get().kind == "access.act_refused"


@pytest.mark.parametrize("level", [rules.PUBLIC, rules.INTERNAL, rules.SECRET])
def test_the_list_and_the_rule_agree_for_every_person(level: int) -> None:
    file_id = uploaded(actor=people.TRUSTED_UPLOADER, level=level)
    shared_id = uploaded("共享", actor=people.TRUSTED_UPLOADER, level=level, shared_units=[people.OTHER_UNIT])
    for actor in people.EVERYBODY:
        seen = set(queries.visible(actor=actor).values_list("id", flat=True))
        for file in StoredFile.objects.filter(id__in=[file_id, shared_id]):
            assert (file.pk in seen) == rules.may_read(actor, file), (actor.ref, level, file.name)


def readers(file_id: int) -> set[str]:
    """Who may see a file, each with his clearance."""
    return {
        f"{a.ref}{a.clearance}"
        for a in people.EVERYBODY
        if queries.visible(actor=a).filter(id=file_id).exists()
    }


def test_who_reads_an_internal_and_a_secret_file() -> None:
    internal, secret = uploaded(), uploaded("密件", actor=people.TRUSTED_UPLOADER, level=rules.SECRET)
    system = f"{SYSTEM.ref}{SYSTEM.clearance}"
    across = {"supervisor1", "supervisor2", "security1"}
    assert readers(internal) == {"uploader1", "uploader2", "colleague1", system} | across
    assert readers(secret) == {"uploader2", system}


def test_sharing_lets_the_named_unit_read() -> None:
    file_id = uploaded()
    with pytest.raises(Denied, match="无权查看"):
        queries.get_file(actor=people.STRANGER, file_id=file_id)
    actions.share(actor=people.UPLOADER, file_id=file_id, unit_ids=[people.OTHER_UNIT])
    assert queries.get_file(actor=people.STRANGER, file_id=file_id).name == "办法.txt"


def test_a_security_officer_releases_with_a_reason_and_never_his_own_file() -> None:
    file_id, own = uploaded(), uploaded("自己的", actor=people.SECURITY)
    with pytest.raises(Denied, match="只有安全管理员"):
        actions.release(actor=people.UPLOADER, file_id=file_id, no=1, reason="已用单机版查毒")
    with pytest.raises(Denied, match="不能放行自己"):
        actions.release(actor=people.SECURITY, file_id=own, no=1, reason="已用单机版查毒")
    with pytest.raises(Refused, match="请写明放行理由"):
        actions.release(actor=people.SECURITY, file_id=file_id, no=1, reason="ok")
    actions.release(actor=people.SECURITY, file_id=file_id, no=1, reason="已用单机版查毒")
    assert queries.open_bytes(actor=people.UPLOADER, file_id=file_id)[0].scan_state == "released"


def test_bytes_changed_on_disk_are_noticed_and_not_given_out(tmp_path: Path) -> None:
    file_id = uploaded()
    actions.record_scan(actor=SYSTEM, file_id=file_id, no=1, result=CLEAN)
    sha256 = queries.get_version(actor=SYSTEM, file_id=file_id).sha256
    (tmp_path / "files" / sha256[:2] / sha256[2:4] / sha256).write_bytes(b"changed")
    with pytest.raises(Refused, match="与登记的摘要不符"):
        queries.open_bytes(actor=people.UPLOADER, file_id=file_id)


def test_the_same_bytes_are_kept_once(tmp_path: Path) -> None:
    blobs.put(b"twice")
    blobs.put(b"twice")
    assert len([path for path in (tmp_path / "files").rglob("*") if path.is_file()]) == 1


def test_pictures_are_welcome_as_evidence_but_not_where_text_is_needed() -> None:
    received = receive(samples.PNG, "现场.png")
    assert (received.kind, received.text_state) == ("png", "image_only/")
    with pytest.raises(ExtractionRefused) as no:
        receive(samples.PNG, "现场.png", need_text=True)
    assert no.value.code == "image_only"
    file_id = actions.upload(actor=people.UPLOADER, received=received, level=1)
    with pytest.raises(ExtractionRefused, match="只有图片"):
        queries.get_text(actor=people.UPLOADER, file_id=file_id)


@pytest.mark.parametrize("mark", ["绝密★启用前", "机密★10年", "秘 密 ★"])
def test_a_state_secret_is_not_even_stored(mark: str, tmp_path: Path) -> None:
    with pytest.raises(ExtractionRefused) as no:
        receive(f"{mark}\n关于某事的报告\n".encode(), "报告.txt")
    assert no.value.reason == "secret_mark"
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_name_keeps_its_ending_and_loses_folders_and_control_characters() -> None:
    assert rules.safe_name("..\\a/b\\\u202e报\n告.docx") == "报告.docx"
    assert rules.safe_name("字" * 300 + ".pdf") == "字" * 196 + ".pdf"
    assert rules.safe_name("/") == "file"


def test_the_sweep_scans_what_is_held_and_passes_over_what_cannot_be_judged(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.SANBAN_CLAMAV = "tcp:127.0.0.1:1"
    good, huge, bad = uploaded("好"), uploaded("巨"), uploaded("坏")
    answers = {"好": CLEAN, "巨": ScanResult(state="unavailable", detail="size limit"), "坏": EICAR}
    monkeypatch.setattr(sweep, "scan", lambda data, address: answers[data.decode()])
    assert sweep.sweep() == 2
    states = {f: queries.get_version(actor=SYSTEM, file_id=f).scan_state for f in (good, huge, bad)}
    assert states == {good: "clean", huge: "held", bad: "infected"}


def test_without_a_scanner_nothing_is_decided(settings: Any) -> None:
    file_id = uploaded()
    assert sweep.sweep() == 0
    settings.SANBAN_CLAMAV = "tcp:127.0.0.1:1"
    assert sweep.sweep() == 0
    assert queries.get_version(actor=SYSTEM, file_id=file_id).scan_state == "held"


def test_only_the_scanner_records_a_finding_and_only_once() -> None:
    file_id = uploaded()
    with pytest.raises(Denied):
        actions.record_scan(actor=people.SECURITY, file_id=file_id, no=1, result=CLEAN)
    actions.record_scan(actor=SYSTEM, file_id=file_id, no=1, result=EICAR)
    with pytest.raises(Refused, match="已有查毒结论"):
        actions.record_scan(actor=SYSTEM, file_id=file_id, no=1, result=CLEAN)
    assert queries.get_version(actor=SYSTEM, file_id=file_id).scan_state == "infected"


def test_the_tables_are_rebuilt_from_the_ledger_alone() -> None:
    file_id = uploaded(about_type="task", about_id=7, shared_units=[people.OTHER_UNIT])
    actions.add_version(
        actor=people.UPLOADER, file_id=file_id, received=receive(samples.pdf("第二版"), "b.pdf")
    )
    actions.record_scan(actor=SYSTEM, file_id=file_id, no=2, result=EICAR)
    actions.release(actor=people.SECURITY, file_id=file_id, no=1, reason="已用单机版查毒")
    actions.share(actor=people.UPLOADER, file_id=file_id, unit_ids=[people.OTHER_UNIT, people.THIRD_UNIT])
    assert FileShare.objects.count() == 2
    assert replay_difference([StoredFile, FileVersion, FileShare]) == []
    said = [line.sentence for line in timeline(actor=SYSTEM, streams=[("file", file_id)])]
    assert said[-1] == "上传文件“办法.txt”（16 字节）"
    assert said[-3:-1] == ["第 2 版查毒结束：查出病毒 Eicar-Test-Signature", "更新文件“b.pdf”，第 2 版"]


def test_bytes_lie_encrypted_and_those_of_a_work_secret_need_both_custodians(tmp_path: Path) -> None:
    open_one, secret = b"the road is blocked " * 9, b"names of who complained " * 9
    uploaded_digest = blobs.put(open_one)
    received = receive(secret, "名单.txt")
    actions.upload(actor=SYSTEM, received=received, level=2)
    kept = b"".join(path.read_bytes() for path in (tmp_path / "files").rglob("*") if path.is_file())
    assert open_one[:20] not in kept and secret[:20] not in kept
    assert blobs.get(received.sha256) == secret and blobs.put(secret) == received.sha256
    share = tmp_path / "keys" / "custodian-2" / "secret-1.share"
    share.rename(tmp_path / "away")
    boxes._keyring.cache_clear()
    assert blobs.get(uploaded_digest) == open_one
    with pytest.raises(Locked, match="两位保管人"):
        blobs.get(received.sha256)
    (tmp_path / "away").rename(share)
    assert blobs.get(received.sha256) == secret
