from __future__ import annotations

import pytest

from paratask.observing.accesses import Accesses
from paratask.observing.ground import Ground, is_outside, on_ground, reads_that_matter

GROUND = Ground(root="/repo", home="/home/u", temporary=("/scratch",))


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/repo/src/a", "src/a"),
        ("/repo", ""),
        ("/repository/a", "/repository/a"),
        ("/repo/.paratask/runs/x", ""),
        ("/repo/.task/checksum/a", ""),
        ("/repo/src/__pycache__/a.pyc", ""),
        ("/repo/.git/index.lock", ""),
        ("/repo/.git/objects/ab/cd", ""),
        ("/repo/.git/refs/heads/main", ".git"),
        ("/repo/sub/.git/HEAD", "sub/.git"),
        ("/proc/self/oom_score_adj", ""),
        ("/dev/null", ""),
        ("/dev/shm/name", "/dev/shm/name"),
        ("/home/u/.cache/go-build/00/x", ""),
        ("/home/u/.cache/deno/check_cache_v2-wal", ""),
        ("/home/u/.m2/repository/x", "/home/u/.m2/repository/x"),
        ("/tmp/fixed", "/tmp/fixed"),
        ("/tmp/mine/a", ""),
        ("/scratch/mine2", ""),
        ("/tmp/pytest-of-me/pytest-1/x", ""),
        ("/repo/app/.mypy_cache", ""),
        ("/repo/app/.mypy_cache/3.11/a.json", "app/.mypy_cache/3.11/a.json"),
    ],
)
def test_what_a_written_path_is_called(path, name):
    accesses = Accesses(writes=frozenset((path,)), private=frozenset(("/tmp/mine", "/scratch/mine2")))
    assert on_ground(accesses, GROUND).writes == (frozenset((name,)) if name else frozenset())


def test_reading_git_s_index_depends_on_git():
    assert on_ground(Accesses(reads=frozenset(("/repo/.git/index",))), GROUND).reads == {".git"}


def test_a_checkout_in_a_temporary_folder_is_a_checkout():
    accesses = Accesses(writes=frozenset(("/tmp/repo/a",)), private=frozenset(("/tmp/repo",)))
    assert on_ground(accesses, Ground(root="/tmp/repo")).writes == {"a"}


def test_what_is_read_outside_matters_where_somebody_writes():
    accesses = Accesses(reads=frozenset(("/etc/passwd", "/opt/db/x", "src/a")), missing=frozenset(("/opt/other",)))
    found = reads_that_matter(accesses, {"/opt/db", "src"})
    assert (found.reads, found.missing) == ({"/opt/db/x", "src/a"}, frozenset())


def test_looking_into_a_tool_s_cache_is_nothing_and_reading_in_it_is():
    path = frozenset(("/repo/.ruff_cache/x",))
    found = on_ground(Accesses(reads=path, missing=path, looks=path, lists=frozenset(("/repo/.ruff_cache",))), GROUND)
    assert found == Accesses(reads=frozenset((".ruff_cache/x",)))


def test_temporary_folders_are_no_place_that_others_see():
    assert [is_outside(path, GROUND) for path in ("src/a", "/tmp/fixed", "/scratch/a", "/var/www/a")] == [
        False,
        False,
        False,
        True,
    ]


def test_names_that_were_drawn_are_nobody_else_s():
    drawn = (
        *("/tmp/temp-19062-f934777ee64ef87f1bd553ce9442cd54", "/tmp/hsperfdata_me/4711", "/tmp/rustdoctestyJ3SG4/x"),
        "/tmp/temp-6624-2500e5b50b",  # Composer's
    )
    kept = ("/tmp/fixed", "/tmp/temp-2024-report", "/opt/f934777ee64ef87f1bd553ce9442cd54")
    assert on_ground(Accesses(writes=frozenset((*drawn, *kept))), GROUND).writes == set(kept)


def test_asking_whether_a_folder_is_an_environment_is_nothing():
    """pytest and coverage ask it of the packages beside their own, so that these kept an order once they had been seen."""
    asked = ("/repo/core/pyvenv.cfg", "/repo/core/conda-meta/history", "/repo/core/setup.cfg")
    found = on_ground(Accesses(missing=frozenset(asked), reads=frozenset(("/repo/.venv/pyvenv.cfg",))), GROUND)
    assert found == Accesses(missing=frozenset(("core/setup.cfg",)), reads=frozenset((".venv/pyvenv.cfg",)))


def test_uv_holds_its_lock_in_an_environment_also_where_it_changes_nothing():
    """Whatever was learned of two `uv run` kept them in order: both had opened it for writing."""
    opened = ("/repo/.venv/.lock", "/repo/web/venv/.lock", "/repo/.venv/lib/a.py", "/repo/web/.lock")
    found = on_ground(Accesses(writes=frozenset(opened), looks=frozenset(opened[:1])), GROUND)
    assert found == Accesses(writes=frozenset((".venv/lib/a.py", "web/.lock")))


def test_memory_with_a_name_is_no_file_and_mix_s_locks_are_made_to_be_shared():
    """Whatever was learned of two commands of mix kept them in order, as effects outside the checkout."""
    written = ("/memfd:vmem", "/tmp/mix_lock_ZGVm/4Lv66CH3/lock_0", "/tmp/mix_pubsub_ZGVm/4Lv66CH3/port_1", "/repo/_build/x")
    found = on_ground(Accesses(writes=frozenset(written), ports=frozenset((1, 4000))), GROUND)
    assert (found.writes, found.ports) == ({"_build/x"}, {4000})


def test_each_run_of_vitest_and_of_virtualenv_draws_a_name_of_its_own():
    """`--learn` added another one to the claims of a task with each run, and took them for effects outside the checkout."""
    written = (
        *(
            "/tmp/DLT8SQ3KgZfMjQLsvTEXX/ssr/a.js",
            "/tmp/_NHVT82KVMgBUK6ttEFeu",
            "/tmp/TmPe_vt5nqn-b",
            "/tmp/playwright-transform-cache-0/5e/x",
        ),
        *("/tmp/integration-test-data", "/tmp/myIntegrationTestData", "/tmp/fixed-b"),
        *("/tmp/Acme-build-output-dir", "/tmp/MyApp-2024-test-cache/x"),  # of as many letters
    )
    found = on_ground(Accesses(writes=frozenset(written), private=frozenset(("/tmp/TmPe_vt5nqn",))), GROUND)
    assert found.writes == set(written[4:])
