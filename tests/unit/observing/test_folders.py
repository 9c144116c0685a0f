"""Paths to folders; the laws are in tests/properties/test_generalising.py."""

from __future__ import annotations

from paratask.observing.accesses import Accesses
from paratask.observing.folders import MAX_PATTERNS, Patterns, generalised, may_rewrite, simplified


def job(*writes: str, reads=(), looks=(), missing=(), lists=(), folders=(), made: bool = True) -> Accesses:
    return Accesses(
        writes=frozenset(writes), made=frozenset(writes) if made else frozenset(), reads=frozenset(reads), looks=frozenset(looks),
        missing=frozenset(missing), lists=frozenset(lists), folders=frozenset(folders),
    )  # fmt: skip


def patterns(*jobs: Accesses, workspaces=(), held=()) -> list[Patterns]:
    return generalised(jobs, frozenset(workspaces), held)


def writes(*jobs: Accesses, workspaces=()) -> list[tuple[str, ...]]:
    return [found.writes for found in patterns(*jobs, workspaces=workspaces)]


def test_a_folder_in_which_a_name_was_made_stands_for_the_names_of_the_next_run():
    assert writes(job("app/dist/a.3f2c.js")) == [("app/dist/**",)]


def test_several_folders_become_the_one_that_holds_them():
    assert writes(job("out/js/a", "out/css/b")) == [("out/**",)]


def test_a_file_that_was_only_changed_stays_one():
    assert writes(job("app/version.txt", made=False)) == [("app/version.txt",)]


def test_a_workspace_and_what_holds_one_are_too_wide():
    both = job("packages/a/dist/x", "packages/a/y")
    assert writes(both, workspaces=("packages/a",)) == [("packages/a/dist/**", "packages/a/y")]


def test_a_folder_where_it_reads_what_it_did_not_write_is_not_its_own():
    assert writes(job("src/gen/a", reads=("src/main.c",))) == [("src/gen/**",)]
    assert writes(job("src/a", "src/b", reads=("src/main.c",))) == [("src/a", "src/b")]


def test_a_folder_of_two_jobs_is_nobody_s():
    assert writes(job("out/a", "out/c"), job("out/b")) == [("out/a", "out/c"), ("out/b",)]


def test_who_is_in_conflict_already_may_be_covered():
    writer, reader = patterns(job("out/a.1.js"), job("all", reads=("out/a.1.js", "out/b")))
    assert writer.writes == ("out/**",)
    assert reader.reads == ("out/**",)


def test_a_folder_at_which_somebody_looks_is_left_out_of_what_is_below_it():
    assert writes(job("dist/a", "dist/b"), job(folders=("dist",)))[0] == ("dist/**/*",)


def test_files_that_were_read_become_a_folder_and_one_file_stays_one():
    (found,) = patterns(job(reads=("src/a.c", "src/sub/b.c"), missing=("conf/x",)))
    assert found.reads == ("conf/x", "src/**")


def test_a_folder_that_was_listed_is_read_whole():
    (found,) = patterns(job(lists=("tests",)))
    assert found.reads == ("tests/**",)


def test_names_that_others_make_in_a_listed_folder_are_read():
    lister, maker, changer = patterns(job(lists=("src",)), job("src/new"), job("src/sub/deep", made=False))
    assert "src/new" in lister.reads or "src/**" in lister.reads
    assert changer.writes == ("src/sub/deep",)
    assert maker.writes == ("src/new",)


def test_such_a_name_is_not_swallowed_by_what_a_third_job_writes_in_it():
    lister, writer, maker = job(lists=["b"]), job("b/a/x", "b/a/y", made=False), job("b/a", made=False)
    assert patterns(lister, writer, maker)[:2] == [Patterns(reads=("b", "b/a")), Patterns(reads=("b/a",), writes=("b/a/**/*",))]


def test_what_another_task_was_seen_to_touch_earlier_is_not_swallowed():
    (found,) = patterns(job("out/x/a", "out/y/b"), held=[[Patterns(reads=("out/z/**",))]])
    assert found.writes == ("out/x/**", "out/y/**")


def test_characters_of_patterns_mean_themselves():
    (found,) = patterns(job("app/[id]/page.js", reads=("app/(a)/{b}.ts",)))
    assert found == Patterns(reads=("app/(a)/\\{b\\}.ts",), writes=("app/\\[id\\]/**",))


def test_bytes_that_are_no_text_match_any_character():
    assert writes(job("b\udcff", made=False)) == [("b?",)]


def test_git_is_one_place():
    assert writes(job(".git")) == [(".git/**",)]


def test_a_folder_that_was_renamed_is_written_whole():
    moved = Accesses(writes=frozenset(("old", "new")), made=frozenset(("old", "new")), trees=frozenset(("old", "new")))
    assert writes(moved) == [("new/**", "old/**")]


def test_patterns_are_bounded():
    many = job(*(f"d{n // 10}/f{n}" for n in range(MAX_PATTERNS * 5)), made=False)
    other = job(reads=[f"d{n}/theirs" for n in range(MAX_PATTERNS)])
    (found, _) = writes(many, other)
    assert len(found) <= MAX_PATTERNS


def test_a_formatter_may_rewrite_all_of_the_kind_next_time():
    formatter = job("p/src/a.py", reads=("p/src/a.py", "p/src/b.py", "p/tests/c.py", "p/conf.toml", "q/d.py"), made=False)
    assert may_rewrite(formatter, {"p", "q"}).writes == {"p/src/a.py", "p/src/b.py", "p/tests/c.py"}


def test_state_that_a_tool_keeps_for_itself_makes_it_no_formatter():
    hidden = job("p/.cache/state.json", reads=("p/.cache/state.json", "p/package.json"), made=False)
    assert may_rewrite(hidden, {"p"}).writes == {"p/.cache/state.json"}
    generated = job("p/gen/index.ts", "p/gen/new.ts", reads=("p/gen/index.ts", "p/src/a.ts"))
    assert may_rewrite(generated, {"p"}).writes == {"p/gen/index.ts", "p/gen/new.ts"}


def test_simplified_joins_a_folder_with_what_is_below_it():
    assert simplified(["a", "a/**/*", "a/b", "c/d", "c"]) == ("a/**", "c", "c/d")


MODULES = tuple(f"app/m{number}.beam" for number in range(40))


def test_many_names_with_one_ending_that_were_looked_for_in_vain_are_one_pattern():
    """Erlang looks for each of its modules where it works: a project that mix was seen in had hundreds of names, or read everything."""
    (found,) = patterns(job(missing=(*MODULES, "app/x.app"), reads=("app/mix.exs",)), workspaces=("app",))
    assert found.reads == ("app/*.beam", "app/mix.exs", "app/x.app")
    (at_top,) = patterns(job(missing=[name.removeprefix("app/") for name in MODULES]))
    assert at_top.reads == ("*.beam",)
    (few,) = patterns(job(missing=MODULES[:20]), workspaces=("app",))
    assert few.reads == tuple(sorted(MODULES[:20]))


def test_names_that_were_looked_for_in_vain_stay_names_where_somebody_makes_such_a_one():
    looking, _ = patterns(job(missing=MODULES), job("app/other.beam"), workspaces=("app",))
    assert set(looking.reads) == set(MODULES)
    (known,) = patterns(job(missing=MODULES), workspaces=("app",), held=[[Patterns(writes=("app/other.beam",))]])
    assert set(known.reads) == set(MODULES)
