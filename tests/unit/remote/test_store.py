"""The store: when the cache will do, when it has to be asked, and what each way says. Clock, person and network are given."""

from __future__ import annotations

import datetime as dt
import os
from hashlib import sha256

import pytest

from paratask.errors import (
    TaskfileCacheNotFoundError,
    TaskfileChecksumError,
    TaskfileError,
    TaskfileFetchError,
    TaskfileFetchTimeoutError,
    TaskfileNotTrustedError,
    TaskfileReadError,
)
from paratask.remote.addresses import parse_address
from paratask.remote.cache import NEVER, RemoteCache, parse_moment, render_moment
from paratask.remote.store import RemoteOptions, RemoteTaskfiles

ADDRESS = parse_address("https://h/T.yml", insecure=False)
NOON = dt.datetime(2026, 1, 2, 12, tzinfo=dt.timezone.utc)


def digest(data: bytes) -> str:
    return sha256(data).hexdigest()


class Around:
    """A world that answers as told, and remembers what it was asked."""

    def __init__(self, *answers: object, yes: bool = True) -> None:
        self.answers = list(answers)
        self.yes = yes
        self.moment = NOON
        self.clock = 100.0
        self.thinking = 0.0
        self.asked: list[str] = []
        self.notes: list[str] = []
        self.timeouts: list[float] = []

    def now(self) -> dt.datetime:
        return self.moment

    def seconds(self) -> float:
        return self.clock

    def ask(self, question: str) -> bool:
        self.asked.append(question)
        self.clock += self.thinking
        return self.yes

    def note(self, text: str) -> None:
        self.notes.append(text.partition(" ")[0])

    def fetch_http(self, address, timeout_seconds):
        self.timeouts.append(timeout_seconds)
        answer = self.answers.pop(0)
        if isinstance(answer, BaseException):
            raise answer
        return answer

    fetch_git = fetch_http


@pytest.fixture
def store(tmp_path):
    def make(around: Around, **options: object) -> RemoteTaskfiles:
        return RemoteTaskfiles(RemoteOptions(**options), cache=RemoteCache(str(tmp_path)), surroundings=around)

    return make


def test_a_first_time_is_asked_about_and_cached(store, tmp_path):
    around = Around(b"one")
    assert store(around).read(ADDRESS, "") == b"one"
    asked = (
        'The task you are attempting to run depends on the remote Taskfile at "https://h/T.yml".\n'
        "--- Make sure you trust the source of this Taskfile before continuing ---\nContinue?"
    )
    assert around.asked == [asked]
    assert around.notes == ["checking", "no", "downloading", "found", "caching"]
    files = {path.name.rpartition(".")[2]: path.read_text() for path in (tmp_path / "remote").iterdir()}
    assert files == {"yaml": "one", "checksum": digest(b"one"), "timestamp": "2026-01-02T12:00:00Z"}


def test_the_same_again_is_not_asked_about(store):
    store(Around(b"one")).read(ADDRESS, "")
    around = Around(b"one")
    store(around).read(ADDRESS, "")
    assert around.asked == []
    assert around.notes == ["checking", "cache", "downloading", "found", "caching"]


def test_a_change_is_asked_about(store):
    store(Around(b"one")).read(ADDRESS, "")
    around = Around(b"two")
    assert store(around).read(ADDRESS, "") == b"two"
    assert around.asked[0].startswith('The Taskfile at "https://h/T.yml" has changed since you last used it!\n---')


def test_no_keeps_the_cache_as_it_is(store):
    store(Around(b"one")).read(ADDRESS, "")
    with pytest.raises(TaskfileNotTrustedError) as caught:
        store(Around(b"two", yes=False)).read(ADDRESS, "")
    assert caught.value.exit_code == 104
    assert caught.value.message == "`https://h/T.yml` is not trusted"
    assert caught.value.help == "--trusted-hosts h, or answer with yes (--yes)"
    assert store(Around(), offline=True).read(ADDRESS, "") == b"one"


def test_trusted_hosts_are_not_asked_about(store):
    around = Around(b"one")
    store(around, trusted_hosts=("other", "h")).read(ADDRESS, "")
    assert around.asked == []


def test_a_pin_is_not_asked_about(store):
    around = Around(b"one")
    store(around).read(ADDRESS, digest(b"one"))
    assert around.asked == []


def test_another_content_than_pinned(store):
    for _ in range(2):
        with pytest.raises(TaskfileChecksumError) as caught:
            store(Around(b"one")).read(ADDRESS, "pin")
        assert caught.value.message == f"the checksum of `https://h/T.yml` does not match: got {digest(b'one')}, want pin"
    store(Around(b"one")).read(ADDRESS, "")
    with pytest.raises(TaskfileChecksumError):
        store(Around(), offline=True).read(ADDRESS, "pin")


def test_one_run_reads_an_address_once_but_checks_each_pin(store):
    around = Around(b"one")
    one = store(around)
    assert one.read(ADDRESS, "") == one.read(ADDRESS, digest(b"one")) == b"one"
    with pytest.raises(TaskfileChecksumError):
        one.read(ADDRESS, "pin")


def test_until_it_expires_the_cache_will_do(store):
    store(Around(b"one")).read(ADDRESS, "")
    around = Around()
    around.moment += dt.timedelta(minutes=59)
    assert store(around, expiry_seconds=3600.0).read(ADDRESS, "") == b"one"
    assert around.notes == ["checking", "cache"]
    around = Around(b"one")
    around.moment += dt.timedelta(minutes=60)
    store(around, expiry_seconds=3600.0).read(ADDRESS, "")
    assert around.answers == []


def test_a_cache_from_the_future_is_no_reason_to_stay_offline(store):
    store(Around(b"one")).read(ADDRESS, "")
    around = Around(b"one")
    around.moment -= dt.timedelta(days=1)
    store(around, expiry_seconds=3600.0).read(ADDRESS, "")
    assert around.answers == []


def test_download_passes_over_the_cache(store):
    store(Around(b"one")).read(ADDRESS, "")
    assert store(Around(b"two"), expiry_seconds=3600.0, download=True).read(ADDRESS, "") == b"two"


def test_offline_without_a_cache(store):
    with pytest.raises(TaskfileCacheNotFoundError) as caught:
        store(Around(), offline=True).read(ADDRESS, "")
    assert (caught.value.exit_code, caught.value.message) == (106, "`https://h/T.yml` was not found in the cache")


def test_too_late_without_a_cache(store):
    with pytest.raises(TaskfileFetchTimeoutError) as caught:
        store(Around(TimeoutError())).read(ADDRESS, "")
    assert caught.value.exit_code == 108
    assert caught.value.message == "no answer within 10 s while downloading `https://h/T.yml`"
    assert caught.value.help == "--timeout 30s"


def test_too_late_with_a_cache(store):
    store(Around(b"one")).read(ADDRESS, "")
    around = Around(TimeoutError())
    assert store(around).read(ADDRESS, "") == b"one"
    assert around.notes == ["checking", "cache", "downloading", "failed"]


def test_other_failures_are_failures_whatever_is_cached(store):
    store(Around(b"one")).read(ADDRESS, "")
    with pytest.raises(TaskfileFetchError):
        store(Around(TaskfileFetchError("gone"))).read(ADDRESS, "")


def test_the_timeout_is_for_all_together_but_not_for_the_person(store):
    around = Around(b"one", b"two", b"three")
    around.thinking = 60.0
    one = store(around, timeout_seconds=5.0)
    one.read(ADDRESS, "")
    around.thinking, around.clock = 0.0, around.clock + 4.0
    one.read(parse_address("https://h/2.yml", insecure=False), "")
    assert around.timeouts == [5.0, 1.0]
    around.clock += 2.0
    with pytest.raises(TaskfileFetchTimeoutError):
        one.read(parse_address("https://h/3.yml", insecure=False), "")


@pytest.mark.parametrize("seconds", [1e20, -1e20])
def test_expiries_out_of_reach(store, seconds):
    store(Around(b"one")).read(ADDRESS, "")
    assert store(Around(b"one"), expiry_seconds=seconds).read(ADDRESS, "") == b"one"


def test_moments():
    assert parse_moment("2026-01-02T13:00:00+01:00") == NOON
    assert parse_moment("") == parse_moment("yesterday") == parse_moment("2026-01-02T13:00:00") == NEVER
    assert render_moment(NOON.replace(microsecond=5)) == "2026-01-02T12:00:00Z"


def test_a_cache_that_cannot_be_used(tmp_path):
    (tmp_path / "remote").write_text("a file")
    cache = RemoteCache(str(tmp_path))
    with pytest.raises(TaskfileReadError):
        cache.write(ADDRESS, b"", checksum="", now=NOON)
    with pytest.raises(TaskfileError) as caught:
        cache.read(ADDRESS)
    assert caught.value.message == "cannot be read: Not a directory"


def test_a_link_that_a_checkout_brings_was_written_through(tmp_path):
    cache, victim = RemoteCache(str(tmp_path)), tmp_path / "victim"
    victim.write_text("as it was")
    (tmp_path / "remote").mkdir()
    for suffix in ("yaml", "checksum", "timestamp"):
        os.symlink(victim, f"{cache.path(ADDRESS, suffix)}.{os.getpid()}.tmp")
    cache.write(ADDRESS, b"theirs", checksum=digest(b"theirs"), now=NOON)
    assert victim.read_text() == "as it was"
    assert cache.read(ADDRESS).data == b"theirs"
