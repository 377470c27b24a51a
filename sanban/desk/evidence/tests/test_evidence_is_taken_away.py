"""The evidence pages: grades in plain words, one click to a bundle that verifies, edits by SQL named."""

import io
import json
import zipfile

import pytest
from django.db import connection

from sanban.base.ledger.bundle import verify
from sanban.base.ledger.models import LedgerAudit, LedgerEvent
from sanban.base.ledger.tests.sealed import Watch
from sanban.base.people.tests.browsers import signed_in
from sanban.decide.policy.models import Measure
from sanban.supervise.chase.models import Slip
from tests.addresses import furnished

pytestmark = pytest.mark.django_db


@pytest.fixture
def watch(settings, tmp_path):
    return Watch(tmp_path, settings)


@pytest.fixture
def office(watch):
    return furnished()


def _address(office, more=""):
    return f"/evidence/task/{office.things['ids']['assigned']}/{more}"


def test_a_bundle_is_one_click_and_verifies(office, watch, tmp_path):
    client = signed_in("dispatcher")
    early = client.post(_address(office, "bundle/"))
    assert early.status_code == 422 and "请约十秒后再试" in early.content.decode()
    assert "已记录" in client.get(_address(office)).content.decode()
    watch.seal()
    page = client.get(_address(office)).content.decode()
    assert "已封存" in page and "已记录" not in page
    answer = client.post(_address(office, "bundle/"), {"purpose": "提交仲裁员", "redact": ["title"]})
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/zip")
    path = tmp_path / "b.zip"
    path.write_bytes(answer.content)
    assert verify.main([str(path)]) == 0
    lines = zipfile.ZipFile(io.BytesIO(answer.content)).read("events.jsonl").decode().splitlines()
    streams = {
        (told["stream"], told["object"]) for told in (json.loads(json.loads(x)["envelope"]) for x in lines)
    }
    assert ("task", str(office.things["ids"]["assigned"])) in streams
    assert LedgerEvent.objects.filter(kind="ledger.bundle_made").count() == 1


def test_policy_and_head_are_kept_by_whoever_will_verify(office, watch, tmp_path):
    client = signed_in("liaison")
    assert client.get("/evidence/policy.txt").content.decode().endswith("quorum offices\n")
    assert client.get("/evidence/head/ledger.txt").status_code == 404
    watch.seal()
    (tmp_path / "head.txt").write_bytes(client.get("/evidence/head/ledger.txt").content)
    (tmp_path / "policy.txt").write_bytes(client.get("/evidence/policy.txt").content)
    size = (tmp_path / "head.txt").read_text().split("\n")[1]
    watch.seal()
    answer = signed_in("dispatcher").post(_address(office, "bundle/"), {"since": size})
    (tmp_path / "b.zip").write_bytes(answer.content)
    kept = ["--head", str(tmp_path / "head.txt"), "--policy", str(tmp_path / "policy.txt")]
    assert verify.main([str(tmp_path / "b.zip"), *kept]) == 0


def test_what_one_may_not_see_has_no_evidence_page(office):
    assert signed_in("stranger").get(_address(office)).status_code == 404
    assert signed_in("stranger").post(_address(office, "bundle/")).status_code == 404
    assert signed_in("dispatcher").get("/evidence/nothing/5/").status_code == 404
    assert not LedgerEvent.objects.filter(kind="ledger.bundle_made").exists()


def test_an_edit_by_sql_is_named_on_the_page(office, watch):
    watch.seal()
    auditor = signed_in("auditor")
    assert "还没有核对过" in auditor.get("/evidence/").content.decode()
    auditor.post("/evidence/audit/")
    assert "全部相符" in auditor.get("/evidence/").content.decode()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE task_taskitem SET progress = 99 WHERE id = %s", [office.things["ids"]["assigned"]]
        )
    auditor.post("/evidence/audit/")
    page = auditor.get("/evidence/").content.decode()
    assert "有不符" in page
    row = page[page.index("<code>task_taskitem</code>") :]
    assert str(office.things["ids"]["assigned"]) in row and "<td>progress</td>" in row
    assert LedgerAudit.objects.count() == 2
    assert "task_taskitem" not in signed_in("liaison").get("/evidence/").content.decode()
    assert signed_in("liaison").post("/evidence/audit/").status_code == 403
    assert LedgerAudit.objects.count() == 2


@pytest.mark.parametrize(("kind", "table"), [("slip", Slip), ("measure", Measure)])
def test_slips_and_measures_have_their_own_evidence(office, watch, tmp_path, kind, table):
    client, key = signed_in("dispatcher"), table.objects.order_by("pk")[0].pk
    watch.seal()
    page = client.get(f"/evidence/{kind}/{key}/")
    assert page.status_code == 200 and "已封存" in page.content.decode()
    answer = client.post(f"/evidence/{kind}/{key}/bundle/", {"purpose": "核对"})
    (tmp_path / "b.zip").write_bytes(answer.content)
    assert verify.main([str(tmp_path / "b.zip")]) == 0
    assert client.get(f"/evidence/{kind}/{key + 10**9}/").status_code == 404
