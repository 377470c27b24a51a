"""Identities carry their time: they rise, also over a clock moved back, and no two threads get the same."""

import threading
from datetime import UTC, datetime, timedelta

from sanban.base import clock
from sanban.base.ledger.ids import new_event_ids, new_id, new_ids

FAR = datetime(2060, 1, 1, tzinfo=UTC)


def test_object_numbers_rise_and_stay_below_two_to_the_53():
    made = [new_id() for _ in range(500)]
    assert made == sorted(set(made))
    with clock.freeze(FAR):
        assert new_id() < 2**53


def test_numbers_in_a_row_are_in_a_row():
    run = new_ids(1000)
    assert list(run) == list(range(run[0], run[0] + 1000))
    assert new_id() > run[-1]


def test_a_clock_moved_back_does_not_move_ids_back():
    first, event = new_id(), new_event_ids(1)[0]
    with clock.freeze(clock.now() - timedelta(days=30)):
        assert new_id() > first
        assert new_event_ids(1)[0] > event


def test_event_ids_are_version_7_and_say_their_millisecond():
    moment = clock.now() + timedelta(days=3)
    with clock.freeze(moment):
        (event,) = new_event_ids(1)
    assert event.version == 7
    assert event.int >> 80 >= int(moment.timestamp() * 1000)


def test_threads_never_share_an_id():
    made: list[int] = []
    events: list[object] = []

    def draw() -> None:
        for _ in range(200):
            made.append(new_id())
            events.extend(new_event_ids(3))

    threads = [threading.Thread(target=draw) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(made)) == 1600
    assert len(set(events)) == 4800
