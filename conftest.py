"""One test run on one database: SANBAN_TEST_DB=sqlite (default) or postgresql.

The database is chosen before Django reads its settings, so this file prepares the environment while it is
imported. Under pytest-xdist the controller starts the server and the workers inherit its address.
A skipped test fails the run: what is not tested must not look tested.
"""

import atexit
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import django
import pytest
from django.conf import settings
from django.core.cache import cache
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from pytest_django.plugin import blocking_manager_key

from sanban.base.access.readlog.waiting import WAITING
from sanban.base.ledger import guards
from sanban.base.ledger.standing import MACHINE, standing_as
from tests.database import start_postgresql

DATABASE_FIXTURES = {"db", "transactional_db", "live_server", "django_db_reset_sequences"}
CHOICES = ("sqlite", "postgresql")
IS_WORKER = "PYTEST_XDIST_WORKER" in os.environ
SKIPPED: list[str] = []
GUARDS_DOWN = pytest.StashKey[bool]()


def _choose_database() -> str:
    """Point DATABASE_URL at the database of this run; the controller does it once for all workers."""
    choice = os.environ.get("SANBAN_TEST_DB", "sqlite")
    if choice not in CHOICES:
        raise pytest.UsageError(f"SANBAN_TEST_DB={choice} is unknown: use one of {', '.join(CHOICES)}.")
    if IS_WORKER:
        return choice
    scratch = tempfile.TemporaryDirectory(prefix="sanban-test-")
    atexit.register(scratch.cleanup)
    os.environ["SANBAN_TEST_FOLDER"] = scratch.name
    os.environ["SANBAN_DATA_DIR"] = scratch.name
    if choice == "postgresql":
        server = start_postgresql()
        atexit.register(server.stop)
        os.environ["DATABASE_URL"] = server.url
    else:
        os.environ["DATABASE_URL"] = f"sqlite:///{Path(scratch.name) / 'unused.sqlite3'}"
    return choice


def _choose_examples() -> None:
    """Property tests: no deadline on a shared machine; the same examples in every automatic run."""
    quiet = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
    hypothesis_settings.register_profile(
        "local", deadline=None, max_examples=50, suppress_health_check=quiet, print_blob=True
    )
    hypothesis_settings.register_profile(
        "ci", deadline=None, max_examples=50, suppress_health_check=quiet, derandomize=True, database=None
    )
    hypothesis_settings.register_profile(
        "soak", deadline=None, max_examples=2000, suppress_health_check=quiet, print_blob=True
    )
    hypothesis_settings.load_profile(
        os.environ.get("SANBAN_EXAMPLES", "ci" if os.environ.get("CI") else "local")
    )


DATABASE = _choose_database()
collect_ignore = [] if DATABASE == "postgresql" else ["tests/postgresql"]
"""Row security and roles are PostgreSQL's own: their tests run where it runs."""
_choose_examples()
os.environ["DJANGO_SETTINGS_MODULE"] = "sanban.site.settings"
os.environ.setdefault("SANBAN_TESTING", "1")
django.setup()

from sanban.base.access import wall  # noqa: E402 - holds models, so Django must stand


def pytest_report_header() -> str:
    return f"database of this run: {DATABASE}"


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    """What one test left in the cache (names, limits of use) or in the waiting read log is no business of the next."""
    cache.clear()
    WAITING.take()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test that may use the database may use all of it: on SQLite the read log has a file of its own."""
    for item in items:
        marker = item.get_closest_marker("django_db")
        if marker is not None:
            if "databases" not in marker.kwargs:
                item.add_marker(
                    pytest.mark.django_db(*marker.args, **{**marker.kwargs, "databases": "__all__"}), False
                )
        elif DATABASE_FIXTURES & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.django_db(databases="__all__"))


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> None:
    """SQLite tests run on a file (the default, shared memory, has no WAL and locks tables between threads)."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "one")
    databases: dict[str, dict[str, Any]] = settings.DATABASES
    for alias, database in databases.items():
        test = database.setdefault("TEST", {})
        if test.get("MIRROR"):
            continue
        if database["ENGINE"].endswith("sqlite3"):
            test["NAME"] = str(Path(os.environ["SANBAN_TEST_FOLDER"]) / f"{alias}-{worker}.sqlite3")
        else:
            test["NAME"] = f"test_{alias}_{worker}"


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Every test meets the ledger as production has it: append-only by trigger."""
    with django_db_blocker.unblock():
        guards.install()
        wall.install()


@pytest.fixture(autouse=True)
def _tests_stand_as_the_machine() -> Iterator[None]:
    """A test prepares and looks at everything; requests that it sends stand as who makes them."""
    with standing_as(MACHINE):
        yield


@pytest.fixture(autouse=True)
def _guards_let_the_flush_through(request: pytest.FixtureRequest) -> Iterator[None]:
    """A transactional test ends with a flush that deletes rows: the triggers step aside for it alone."""
    if not _is_transactional(request):
        yield
        return
    request.getfixturevalue("transactional_db")
    yield
    guards.remove()
    request.node.stash[GUARDS_DOWN] = True


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
    """After the flush of a transactional test the triggers stand again."""
    try:
        return (yield)
    finally:
        # After the last test the database itself is gone.
        if nextitem is not None and item.stash.get(GUARDS_DOWN, False):
            with item.config.stash[blocking_manager_key].unblock():
                guards.install()


def _is_transactional(request: pytest.FixtureRequest) -> bool:
    if {"transactional_db", "live_server", "django_db_serialized_rollback"} & set(request.fixturenames):
        return True
    marker = request.node.get_closest_marker("django_db")
    return bool(marker and (marker.kwargs.get("transaction") or (marker.args and marker.args[0])))


@pytest.hookimpl(trylast=True)
def pytest_runtest_logreport(report: Any) -> None:
    if report.skipped and not hasattr(report, "wasxfail"):
        SKIPPED.append(report.nodeid)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    if SKIPPED and not IS_WORKER and exitstatus == 0:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: Any) -> None:
    if SKIPPED:
        terminalreporter.write_line(
            "Skipped tests fail the run: " + ", ".join(sorted(set(SKIPPED))), red=True
        )


@pytest.fixture(autouse=True)
def _no_leftover_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests never send mail through a real server, whatever the shell says."""
    monkeypatch.delenv("EMAIL_URL", raising=False)
