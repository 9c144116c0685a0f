from __future__ import annotations

from paratask.claims import held
from paratask.claims.conflicts import Barrier, Conflict, barrier, conflict, edges, is_barrier
from paratask.claims.model import GIVES_TIME, Access, Claim, Claims, Effect, Evidence, unknown
from paratask.frozen import replace
from paratask.reporting.patterns_text import tell_patterns


def claims(*entries: str, effect: Effect = Effect.LOCAL, reason: str = "") -> Claims:
    """Claims such as "r src/**", "w dist", "a cache", "s gpu", "x gpu"."""
    accesses = {"r": Access.READ, "w": Access.WRITE, "a": Access.ADD, "s": Access.SHARED, "x": Access.EXCLUSIVE}
    made = [Claim(access=accesses[entry[0]], pattern=entry[2:], evidence=Evidence.INFERRED, reason="test") for entry in entries]
    return Claims(entries=tuple(made), effect=effect, effect_reason=reason)


def before(steps):
    return [[edge.earlier for edge in found] for found in edges(steps)]


def test_reads_do_not_conflict():
    assert conflict(claims("r **"), claims("r src/**")) is None


def test_write_conflicts_with_read_and_write():
    assert conflict(claims("w src/**"), claims("r src/a")) is not None
    assert conflict(claims("r src/a"), claims("w src/**")) is not None
    assert conflict(claims("w src/*"), claims("w src/a")) is not None
    assert conflict(claims("w dist/**"), claims("r src/**")) is None


def test_what_is_below_a_pause_comes_after_it_where_it_comes_after_something():
    """`up`, `sleep 5`, `check`: the pause was beside what counts on it."""
    pause = Claims(
        entries=tuple(
            Claim(access=Access.READ, pattern=each, evidence=Evidence.INFERRED, reason=GIVES_TIME) for each in ("**", "/**")
        )
    )
    up, outside, reader = claims("w state"), claims(effect=Effect.OUTSIDE), claims("r other")
    assert before([up, pause, claims("r state"), reader]) == [[], [0], [1], [1]]
    assert before([reader, outside, pause, reader, reader]) == [[], [0], [1], [2], [2]]
    assert before([reader, up, reader, pause, claims("w other")]) == [[], [], [], [1], [0, 2, 3]]
    assert before([up, pause, pause, reader]) == [[], [0], [0], [1, 2]], "several let the same time pass"
    assert before([outside, pause, pause, outside, pause, reader]) == [[], [0], [0], [1, 2], [3], [4]]
    assert before([pause, reader, pause, reader]) == [[], [], [], []]
    assert before([claims("w a"), claims("r **", "w b"), claims("r c")]) == [[], [0], []]
    waits = edges([up, pause, reader])[2][0].cause
    assert (
        waits.sentence("nap", "x") == "`nap` is a pause (`sleep` gives time to what others may count on), so `x` waits for it"
    )


def test_what_a_claim_leaves_out_is_free_for_others_and_only_that():
    wide = claims("w src/**")
    wide = replace(
        wide, entries=tuple(replace(entry, excluding=("src/gen/**", "**/*.lock", "src/tmp/*")) for entry in wide.entries)
    )
    for other in ("w src/gen/**", "r src/gen/a/b", "r src/a/x.lock", "w src/tmp/*.py", "w src/tmp/[a-z]?"):
        assert conflict(wide, claims(other)) is None
        assert conflict(claims(other), wide) is None
    for other in ("w src/**", "r src/generated/x", "r src/{gen,web}/x", "r src/g*/x", "r **/x", "r src/a/*.l*"):
        assert conflict(wide, claims(other)) is not None
        assert conflict(claims(other), wide) is not None


def test_those_who_add_do_not_mind_each_other_and_all_others_do():
    assert conflict(claims("a dist/**"), claims("a dist/**")) is None
    assert conflict(claims("a dist/**"), claims("a **")) is None
    for other in ("r dist/x", "w dist/x", "r **", "w dist/**", "r dist"):
        assert conflict(claims("a dist/**"), claims(other)) is not None
        assert conflict(claims(other), claims("a dist/**")) is not None
    found = conflict(claims("a dist/**"), claims("r dist/x"))
    assert found is not None
    assert found.sentence("one", "two") == "`one` adds to dist/** and `two` reads dist/x"


def test_what_lies_in_a_folder_is_free_for_who_makes_that_folder_too():
    maker = claims("a dist/**")
    for other in ("w dist/x", "r dist/x/**", "w dist/*"):
        for own in ("a dist/**", "a dist/deep/**"):
            assert conflict(maker, claims(own, other)) is None
            assert conflict(claims(own, other), maker) is None
    for own in ("a distant/**", "a dist", "w dist/**", "a **"):
        assert conflict(maker, claims(own, "w dist/x")) is not None
        assert conflict(claims(own, "w dist/x"), maker) is not None
    for whole in ("r dist", "w dist/**", "r **", "r d*/**", "w DIST/**"):
        assert conflict(maker, claims("a dist/**", whole), ignores_case=True) is not None


def test_a_folder_that_is_made_is_no_matter_to_who_reads_files_of_some_name_wherever_they_are():
    maker = claims("a dist/deep/**")
    for other in ("r **/*.go", "r [!.]*/**/*.go", "r */*/*.go"):
        assert conflict(maker, claims(other)) is None
        assert conflict(claims(other), maker) is None
    for other in ("w **/*.go", "r dist/deep/*.go", "r **/d*", "r **", "r dist/*"):
        assert conflict(maker, claims(other)) is not None
        assert conflict(claims(other), maker) is not None


def test_the_next_writer_waits_for_all_who_added_and_they_for_the_last():
    steps = [claims("w c/**"), claims("a c/**"), claims("a c/**"), claims("r c/**"), claims("w c/**"), claims("a c/**")]
    assert before(steps) == [[], [0], [0], [1, 2], [3], [4]]


def test_resources_conflict_by_name():
    assert conflict(claims("s gpu"), claims("s gpu")) is None
    assert conflict(claims("s gpu"), claims("x gpu")) is not None
    assert conflict(claims("x gpu"), claims("x gpu")) is not None
    assert conflict(claims("x gpu"), claims("x port:80")) is None
    assert conflict(claims("x src"), claims("w src")) is None


def test_sentence_names_both_sides():
    found = conflict(claims("r x", "w packages/api/**"), claims("r packages/api/src/**"))
    assert found is not None
    assert found.sentence("lint-a", "lint-b") == "`lint-a` writes packages/api/** and `lint-b` reads packages/api/src/**"
    held = conflict(claims("s gpu"), claims("x gpu"))
    assert held is not None
    assert held.sentence("a", "b") == "`a` uses gpu and `b` needs gpu for itself"


def test_what_two_patterns_have_in_common_was_left_out_of_the_sentence():
    found = conflict(claims("w **/*.{py,pyi,pyw,ipynb,md}"), claims("w **/*.md"))
    assert found is not None
    assert tell_patterns(found.sentence("a", "b")) == "`a` writes **/*.{md,py,pyi,…} and `b` writes **/*.md"
    found = conflict(claims("r src/{a,b,{c,d},x*,*.toml}"), claims("w src/d", "w src/*.toml"))
    assert found is not None
    assert found.sentence("a", "b") == "`a` reads src/{{c,d},a,b,x*,*.toml} and `b` writes src/d"
    found = conflict(claims("w {docs,lib,tests,src}/**"), claims("r src/**"))
    assert found is not None
    assert found.sentence("a", "b") == "`a` writes {src,docs,lib,tests}/** and `b` reads src/**"
    whole = conflict(claims("r src/{a,b,c,d,e}"), claims("w src/**"))
    assert whole is not None
    assert whole.sentence("a", "b") == "`a` reads src/{a,b,c,d,e} and `b` writes src/**"


def test_of_several_reasons_a_cache_is_the_last_to_be_told():
    formats = claims("a .x_cache/CACHEDIR.TAG", "w **/*.py")
    for other in (claims("w **"), claims("r .x_cache/**", "r src/a.py"), claims("r src/a.py", "r .x_cache/**")):
        for steps, side in (((formats, other), "left"), ((other, formats), "right")):
            _, (edge,) = edges(steps)
            assert getattr(edge.cause, side).pattern == "**/*.py"
    for formats in (claims("a .x_cache/CACHEDIR.TAG", "w src/*.py"), claims("w src/*.py", "a .x_cache/CACHEDIR.TAG")):
        _, (edge,) = edges([formats, claims("w **")])
        assert edge.cause.left.pattern == "src/*.py"
        assert conflict(formats, claims("w **")).left.pattern == "src/*.py"
    _, (edge,) = edges([formats, claims("r .x_cache/*.TAG")])
    assert edge.cause.left.pattern == ".x_cache/CACHEDIR.TAG"


def test_who_touches_everything_does_so_for_a_reason():
    found = conflict(claims("r **"), claims("w src/a"))
    assert found is not None
    assert found.sentence("a", "b") == "`a` reads ** (test) and `b` writes src/a"


def test_two_calls_of_one_task_were_told_apart_by_the_same_name():
    found = conflict(claims("w out/**"), claims("r out/x"))
    assert found is not None
    assert found.sentence("build", "build") == "one call of `build` writes out/** and another reads out/x"
    alike = conflict(claims("w out"), claims("w out"))
    assert alike is not None
    assert alike.sentence("build", "build") == "each call of `build` writes out"
    known = "`push` has effects outside this checkout (`git push`), so its calls keep their order"
    assert [Barrier(later=later, reason="`git push`").sentence("push", "push") for later in (True, False)] == [known, known]


def test_left_is_the_first_of_the_two():
    left, right = claims("w a"), claims("r a")
    assert conflict(left, right) == Conflict(left=left.entries[0], right=right.entries[0])
    assert conflict(right, left) == Conflict(left=right.entries[0], right=left.entries[0])


def test_only_outside_effects_are_barriers():
    assert is_barrier(claims("w **")) is None
    assert is_barrier(unknown("what")) == "what"
    assert is_barrier(claims(effect=Effect.OUTSIDE))


def test_only_the_two_that_conflict_are_ordered():
    steps = [claims("r a"), claims("w b/**"), claims("w c"), claims("r b/x")]
    assert before(steps) == [[], [], [], [1]]


def test_barrier_comes_after_all_before_and_before_all_after():
    push = claims(effect=Effect.OUTSIDE, reason="`git push`")
    steps = [claims("r a"), claims("r b"), push, claims("r c"), push, push, claims("r d")]
    assert before(steps) == [[], [], [0, 1], [2], [3], [4], [5]]
    found = edges(steps)
    assert found[2][0].cause == Barrier(later=True, reason="`git push`")
    assert found[3][0].cause == Barrier(later=False, reason="`git push`")
    assert found[2][0].cause.sentence("a", "p") == ("`p` has effects outside this checkout (`git push`), so it waits for `a`")
    assert found[3][0].cause.sentence("p", "c") == ("`p` has effects outside this checkout (`git push`), so `c` waits for it")


def test_whose_effect_keeps_two_in_order_is_told_of_that_one():
    push, local = claims(effect=Effect.OUTSIDE, reason="`git push`"), claims("r a")
    assert barrier(push, local) == Barrier(later=False, reason="`git push`")
    assert barrier(local, push) == Barrier(later=True, reason="`git push`")
    assert barrier(push, push) == Barrier(later=False, reason="`git push`")
    assert barrier(local, local) is None


def test_chain_through_one_pattern_has_one_edge_each():
    assert before([claims("w a")] * 5) == [[], [0], [1], [2], [3]]


def test_readers_wait_for_the_last_writer_and_the_next_writer_for_all_readers():
    steps = [claims("w a"), claims("r a"), claims("r a"), claims("w a"), claims("r a")]
    assert before(steps) == [[], [0], [0], [1, 2], [3]]


def test_who_writes_a_folder_waits_for_all_who_read_different_files_in_it():
    steps = [claims("r d/a"), claims("r d/b"), claims("r d/a"), claims("w d/**")]
    assert before(steps) == [[], [], [], [0, 1, 2]]


def test_step_does_not_conflict_with_itself():
    assert before([claims("w a", "r a/**", "w a/*", "x gpu", "s gpu")]) == [[]]


def test_braces_and_climbing_patterns_are_found_anywhere():
    assert before([claims("w {a,b}/x"), claims("r b/*")]) == [[], [0]]
    assert before([claims("w ../x"), claims("r /etc/hosts"), claims("r a")]) == [[], [0], [0]]
    assert before([claims("w {a,/tmp}/x"), claims("r /tmp/x"), claims("r a/x")]) == [[], [0], [0]]


def test_empty_pattern_is_the_root_folder():
    assert before([claims("w ."), claims("r **"), claims("r a")]) == [[], [0], []]


def test_thousands_of_folders_are_not_compared_pair_by_pair():
    steps = [claims(f"r packages/p{i}/**", "r package.json", f"w packages/p{i}/dist/**") for i in range(5_000)]
    assert before(steps) == [[]] * len(steps)


def test_names_that_all_look_for_at_the_root_are_not_compared_with_what_lies_below():
    steps = [
        claims(
            f"r packages/p{i}/**",
            "r {package.json,.npmrc,.config/x}",
            "r packages/{package.json,.npmrc}",
            f"w packages/p{i}/dist/**",
        )
        for i in range(5_000)
    ]
    assert before(steps) == [[]] * len(steps)


def test_what_all_read_is_not_compared_with_what_each_writes_below(monkeypatch):
    compared = []
    meet = held.meet
    monkeypatch.setattr(held, "meet", lambda a, b: compared.append((a, b)) or meet(a, b))
    names = "{one.toml,two.toml,.three/x}"
    steps = [claims(f"r some/{names}", f"r {names}", f"r some/p{i}/{names}", f"w some/p{i}/**") for i in range(100)]
    assert before(steps) == [[]] * len(steps)
    assert len(compared) == 0
    assert before([*steps, claims("w some/one.toml"), claims("w .three/x")])[-2:] == [[*range(100)]] * 2


def test_whoever_only_read_before_is_found_by_who_writes_and_the_other_way_round():
    assert before([claims("r a/*"), claims("w a/x"), claims("r a/*"), claims("a a/**"), claims("r a/?"), claims("w a/*")]) == [
        [], [0], [1], [2], [3], [4],
    ]  # fmt: skip


def test_alternatives_meet_what_lies_where_they_lead():
    assert before([claims("w a/b"), claims("w c"), claims("r {a/b,d}"), claims("r {a,c}/**"), claims("r {x,a/*}")]) == [
        [], [], [0], [0, 1], [0],
    ]  # fmt: skip
    assert before([claims("w a/b/**"), claims("r {a,c}"), claims("r {a,x}/b"), claims("r {a/b/d/e,f}")]) == [[], [], [0], [0]]
    assert before([claims("w a/b/c/d"), claims("w e"), claims("r {a/**,f}"), claims("r {a/*/*/?,e}")]) == [[], [], [0], [0, 1]]
    assert before([claims("w {a,b}/?"), claims("r a"), claims("r {b,c}/x"), claims("r {b,c}/xx")]) == [[], [], [0], []]
