"""Calls of ruby itself that are understood: tests, and checks of syntax.

Does not know what any other program of the repository does. How a call was resolved is for tool_calls.
"""

from __future__ import annotations

import posixpath

from paratask.claims.model import Access
from paratask.frozen import replace
from paratask.languages.inferred import claim
from paratask.languages.options import Role, is_within, parse, resolve_path, roles
from paratask.languages.patterns import word_pattern
from paratask.languages.ruby.claims import database, working_in
from paratask.languages.ruby.managers import AFTER_TESTS
from paratask.languages.tool_answers import answer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from paratask.languages.options import Option, Word
    from paratask.languages.tool_calls import Call
    from paratask.plugins.hookspecs import Recognition

_TEST_STARTS, _TEST_ENDS = ("test_",), ("_test.rb", "_spec.rb")


def without_program(call: Call) -> Call:
    """The call without the options that name what is started."""
    kept = tuple(option for option in call.parsed.options if option.role not in (Role.TASKS, Role.SHELL))
    return replace(call, parsed=replace(call.parsed, options=kept))


def with_libraries(call: Call) -> Call:
    """`-I a:b` as two options; `-r name` left out where it names a library, which is no path."""
    options: list[Option] = []
    for option in call.parsed.options:
        if option.name == "-I":
            options.extend(replace(option, value=part) for part in (option.value or "$").split(":"))
        elif option.name != "-r" or option.value is None or option.value.startswith((".", "/")):
            options.append(option)
    return replace(call, parsed=replace(call.parsed, options=tuple(options)))


def checked(call: Call) -> Recognition | None:
    """`ruby -c`: reads the files that are named, or those that a pattern stands for."""
    words = call.parsed.rest
    known = [word for word in words if word is not None and resolve_path(word, call.cwd) is not None]
    if not known or len(known) < len(words):
        return None
    reason = f"`{call.key} -c` checks its syntax"
    found = answer(call, (claim(Access.READ, word_pattern(word, call.cwd, call.place, "/**"), reason) for word in known))
    kept = () if found is None else (entry for entry in found.claims if entry.access is Access.SHARED or entry.reason == reason)
    return None if found is None else replace(found, claims=tuple(kept))


def is_test(word: str) -> bool:
    """Whether a file is named as tests are."""
    name = posixpath.basename(word)
    return name.endswith(_TEST_ENDS) or (name.startswith(_TEST_STARTS) and name.endswith(".rb"))


def tests(call: Call, words: Sequence[Word]) -> Recognition | None:
    """Tests that ruby runs itself: like those of any runner, they work in their workspace."""
    after = parse(words, roles(AFTER_TESTS))
    if after is None or after.all(Role.INFORMS):
        return None
    paths = [resolve_path(word, call.cwd) for word in after.operands]
    if any(path is None for path in paths):
        return None
    reason = f"`{call.key}` runs tests, which work in this workspace"
    outside = [path for path in paths if path is not None and not is_within(path, call.workspace)]
    written = [call.workspace, *(call.place.workspace(path, call.language.manifests) or path for path in outside)]
    own = (entry for folder in written for entry in working_in(folder, call, reason))
    return answer(without_program(call), (*own, *database(call)))
