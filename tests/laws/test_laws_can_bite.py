"""Each law is fed a text that breaks it, and one that keeps it: a check that cannot fail checks nothing."""

import pytest

from tests.laws import checkers, model_checkers, template_checkers
from tests.laws.exempt import Exemption
from tests.laws.model_checkers import Key
from tests.laws.source import Breach, Room, Source, room_of_module, stands_above

pytestmark = pytest.mark.law
TASK, POLICY, CHASE = Room("execute", "task"), Room("decide", "policy"), Room("supervise", "chase")
ROOMS = {
    "task": TASK,
    "policy": POLICY,
    "chase": CHASE,
    "people": Room("base", "people"),
    "ui": Room("base", "ui"),
}

GOOD_ACTION = '''
@act
def assign(*, actor: Actor, title: str) -> int:
    """交办: gives a task to its lead unit (§4.1)."""
    return append(actor, TaskAssigned(title=title), stream_id=1, version=0).stream_id
'''


def action(text: str) -> list[str]:
    source = Source("sanban/execute/task/actions.py", text)
    return [breach.text for breach in checkers.actions(source)]


def found(checker, path: str, text: str) -> list[str]:
    return [breach.text for breach in checker(Source(path, text))]


def test_a_good_action_passes() -> None:
    assert action(GOOD_ACTION) == []


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("@act\n", "", "assign is not decorated @act"),
        ("*, actor: Actor, title: str", "*, title: str, actor: Actor", "assign does not take actor first"),
        ("*, actor: Actor, title", "actor: Actor, title", "assign takes more than the actor by position"),
        ("title: str)", "title)", "assign is not fully typed"),
        (") -> int", ")", "assign is not fully typed"),
        ("append(actor", "written(actor", "assign has 0 call sites of append, must have exactly one"),
        (
            "    return",
            "    append(actor, x)\n    return",
            "assign has 2 call sites of append, must have exactly one",
        ),
    ],
)
def test_an_action_out_of_form_is_named(before: str, after: str, said: str) -> None:
    assert before in GOOD_ACTION
    assert action(GOOD_ACTION.replace(before, after)) == [said]


def test_an_event_written_by_a_private_function_is_counted() -> None:
    helper = "\ndef _tell(actor: Actor) -> None:\n    append(actor, Told())\n"
    assert action(GOOD_ACTION.replace("    return", "    _tell(actor)\n    return") + helper) == [
        "assign has 2 call sites of append, must have exactly one"
    ]


@pytest.mark.parametrize(
    "line",
    [
        "task.save()",
        "Task.objects.create(title=title)",
        "Task.objects.bulk_create(rows)",
        "Task.objects.filter(pk=1).update(state='x')",
        "task.delete()",
        "Task.objects.update_or_create(pk=1)",
        "cursor.execute('UPDATE task_task SET state = 1')",
        "cursor.execute(f'DELETE FROM {table}')",
        "cursor.execute(statement)",
    ],
)
def test_a_write_outside_its_place_is_named(line: str) -> None:
    text = f"def page(request):\n    {line}\n"
    assert len(found(checkers.writes, "sanban/execute/task/views.py", text)) == 1
    assert found(checkers.writes, "sanban/execute/task/projections.py", text) == []


@pytest.mark.parametrize(
    "line",
    [
        "document.save(path)",
        "seen.update(other)",
        "cache.delete('key')",
        "cursor.execute('SELECT 1')",
        "cursor.execute(f'  select {columns} from t')",
    ],
)
def test_a_read_or_a_file_is_no_write(line: str) -> None:
    assert found(checkers.writes, "sanban/execute/task/views.py", f"def page(request):\n    {line}\n") == []


@pytest.mark.parametrize(
    "text",
    [
        "from sanban.execute.task.models import Task\n",
        "from .models import Task\n",
        "rows = Task.objects.all()\n",
    ],
)
def test_a_page_that_reads_models_is_named(text: str) -> None:
    assert found(checkers.reads, "sanban/execute/task/views.py", text) != []
    assert found(checkers.reads, "sanban/execute/task/projections.py", text) == []


def test_a_query_that_does_not_ask_who_reads_is_named() -> None:
    path = "sanban/execute/task/queries.py"
    assert found(checkers.reads, path, "def tasks(unit: int) -> list[int]: ...\n") == [
        "tasks takes no actor first"
    ]
    assert found(checkers.reads, path, "def tasks(*, actor: Actor) -> list[int]: ...\n") == []


def test_models_of_another_room_are_protected() -> None:
    text = "from sanban.decide.policy.models import Policy\n"
    assert len(found(checkers.protected_models, "sanban/execute/task/actions.py", text)) == 1
    assert len(found(checkers.protected_models, "sanban/site/pages.py", text)) == 1
    assert found(checkers.protected_models, "sanban/execute/task/queries.py", text) == []
    assert found(checkers.protected_models, "sanban/decide/policy/actions.py", text) == []


def test_sizes_are_counted() -> None:
    path = "sanban/execute/task/rules.py"
    assert found(checkers.sizes, path, "x = 1\n" * 400) == []
    assert found(checkers.sizes, path, "x = 1\n" * 401) == ["401 lines, at most 400: split by verb"]
    assert found(checkers.sizes, path, "def f():\n" + "    x = 1\n" * 49) == []
    assert found(checkers.sizes, path, "def f():\n" + "    x = 1\n" * 50) == ["f has 51 lines, at most 50"]
    assert found(checkers.sizes, path, "class A:\n" + "    x = 1\n" * 150) == [
        "class A has 151 lines, at most 150"
    ]


@pytest.mark.parametrize(
    "text",
    [
        "from datetime import datetime\nx = datetime.now()\n",
        "import datetime\nx = datetime.datetime.utcnow()\n",
        "import datetime as dt\nx = dt.date.today()\n",
        "from django.utils import timezone\nx = timezone.now()\n",
        "from django.utils.timezone import now\n",
        "import time\nx = time.time()\n",
        "from django.utils.module_loading import import_string\n",
        "from django.apps import apps\nx = apps.get_model('task', 'Task')\n",
        "from django.db.models.signals import post_save\n",
        "from django.dispatch import receiver\n",
    ],
)
def test_second_clocks_signals_and_look_ups_are_named(text: str) -> None:
    assert found(checkers.banned_names, "sanban/execute/task/rules.py", text) != []


def test_the_one_clock_and_stopwatches_are_free() -> None:
    text = "import time\nfrom sanban.base import clock\nx = clock.now()\ny = time.perf_counter()\n"
    assert found(checkers.banned_names, "sanban/execute/task/rules.py", text) == []


def test_hidden_imports_vague_names_and_promises_are_named() -> None:
    path = "sanban/execute/task/rules.py"
    assert found(checkers.hidden_imports, path, "def f():\n    import os\n") == ["import inside f"]
    assert found(checkers.vague_names, "sanban/execute/task/helpers.py", "") != []
    assert found(checkers.vague_names, path, "") == []
    assert found(checkers.unfinished, path, "def f():\n    raise NotImplementedError\n") != []


def test_a_rule_without_words_and_a_room_without_a_sentence_are_named() -> None:
    assert found(checkers.docstrings, "sanban/execute/task/rules.py", "def may() -> bool: ...\n") == [
        "may states no rule"
    ]
    assert found(checkers.docstrings, "sanban/execute/task/__init__.py", "") == [
        "a room says in one sentence what it is"
    ]


def test_live_code_in_a_migration_is_named() -> None:
    path = "sanban/execute/task/migrations/0002_fill.py"
    assert (
        len(found(checkers.live_code_in_migrations, path, "from sanban.execute.task.models import Task\n"))
        == 1
    )


def key(target: Room, related_name: str | None = "+", on_delete: str = "PROTECT") -> list[str]:
    return [
        b.text
        for b in model_checkers.keys([Key("task.Task", "x", TASK, "x.X", target, related_name, on_delete)])
    ]


def test_keys_that_point_up_open_a_back_door_or_cascade_are_named() -> None:
    assert key(POLICY) == []
    assert key(TASK, None, "CASCADE") == []
    assert key(CHASE) == ["points up to x.X: turn it round"]
    assert key(POLICY, None) == ['needs related_name="+": no back door']
    assert key(POLICY, "+", "CASCADE") == ["on_delete is CASCADE, must be PROTECT"]


def test_rings_of_rooms_are_found() -> None:
    a, b, c = Room("decide", "a"), Room("decide", "b"), Room("decide", "c")
    assert model_checkers.cycles([(a, b), (b, c)]) == []
    assert model_checkers.cycles([(a, b), (b, c), (c, a)]) == [[a, b, c]]
    text = "from sanban.decide.policy import queries\n"
    assert model_checkers.import_edges([Source("sanban/execute/task/views.py", text)]) == {(TASK, POLICY)}


def test_big_rooms_and_borrowed_words_are_named() -> None:
    assert model_checkers.room_sizes({TASK: [f"M{n}" for n in range(12)]}) == []
    assert len(model_checkers.room_sizes({TASK: [f"M{n}" for n in range(13)]})) == 1
    assert len(model_checkers.room_sizes({TASK: ["Signal"]})) == 1


@pytest.mark.parametrize(
    ("name", "suggested", "parents", "kept"),
    [
        ("0001_initial", "initial", 0, True),
        ("0002_terms_in_working_days", "task_due_on", 1, True),
        ("0002_task_due_on", "task_due_on", 1, False),
        ("0002_auto_20260105_0900", "x", 1, False),
        ("0002_task_a_and_more", "y", 1, False),
        ("0003_both", "z", 2, False),
    ],
)
def test_migrations_are_named_by_people(name: str, suggested: str, parents: int, kept: bool) -> None:
    assert (model_checkers.migration_name("task", name, suggested, parents) == []) is kept


@pytest.mark.parametrize(
    "text",
    [
        "{% include 'chase/row.html' %}",
        '{% extends "chase/page.html" %}',
        "{% url 'chase:detail' 1 %}",
        "{% url 'detail' %}",
    ],
)
def test_a_template_that_looks_up_is_named(text: str) -> None:
    assert len(template_checkers.references("t.html", text, TASK, ROOMS)) == 1


def test_a_template_may_look_down_and_comments_are_free() -> None:
    text = "{% extends 'ui/page.html' %}{% url 'policy:detail' 1 %}{% url 'account_login' %}{# {% url 'chase:x' %} #}"
    assert template_checkers.references("t.html", text, TASK, ROOMS) == []


def test_code_that_names_a_higher_page_is_named() -> None:
    path = "sanban/execute/task/views.py"
    assert len(template_checkers.python_addresses(Source(path, "x = redirect('chase:list')"), ROOMS)) == 1
    assert template_checkers.python_addresses(Source(path, "x = reverse('task:list')"), ROOMS) == []
    assert template_checkers.python_addresses(Source(path, "x = redirect('/')"), ROOMS) == []


@pytest.mark.parametrize(
    "text",
    [
        '<p style="color:red">',
        "<a onclick='x()'>",
        "<div hx-on:click='x'>",
        "<style>p{}</style>",
        "<script>x()</script>",
        '<div hx-trigger="click[ctrlKey]">',
        "<a href='javascript:x()'>",
        '<script src="https://elsewhere.example/x.js"></script>',
    ],
)
def test_what_the_content_security_policy_blocks_is_named(text: str) -> None:
    assert len(template_checkers.scripting("t.html", text)) == 1


def test_what_the_content_security_policy_allows_is_free() -> None:
    text = '<script src="{% static "ui/ui.js" %}" defer></script><p class="style" data-on="x">'
    assert template_checkers.scripting("t.html", text) == []


def test_a_form_without_its_token_is_named() -> None:
    assert len(template_checkers.forms("t.html", '<form method="post"></form>')) == 1
    assert template_checkers.forms("t.html", '<form method="post">{% csrf_token %}</form><form></form>') == []


@pytest.mark.parametrize(
    "line", ["see https://py" + "pi.org/x", "/wo" + "rk/main", "at /ro" + "ot/x", "--index" + "-url x"]
)
def test_hosts_and_paths_of_one_machine_are_named(line: str) -> None:
    assert len(template_checkers.outside_words("x.md", line)) == 1


@pytest.mark.parametrize(
    "line", ["the frame" + "work/ folder", "uv pip compile --no-emit-index" + "-url", "a/wo" + "rk/b"]
)
def test_ordinary_words_are_free(line: str) -> None:
    assert template_checkers.outside_words("x.md", line) == []


def test_rooms_know_their_order() -> None:
    assert stands_above(CHASE, TASK)
    assert not stands_above(POLICY, TASK)
    assert not stands_above(ROOMS["ui"], ROOMS["people"])
    assert room_of_module("sanban.execute.task.models") == TASK
    assert room_of_module("django.db.models") is None


def test_an_exemption_covers_only_what_it_names() -> None:
    row = Exemption(law="writes", path="a.py", text=".save", reason="x")
    assert row.covers(Breach("writes", "a.py", 1, ".save: move it"))
    assert not row.covers(Breach("writes", "b.py", 1, ".save: move it"))
    assert not row.covers(Breach("writes", "a.py", 1, ".delete: move it"))
