from __future__ import annotations

from importlib.machinery import PathFinder

import tree_sitter
import tree_sitter_bash

from paratask.languages.shell import grammar

TEXT = b"cd a && make > log; for x in *.c; do cc $x; done"


def shape(language: object) -> str:
    return str(tree_sitter.Parser(tree_sitter.Language(language)).parse(TEXT).root_node)


def test_the_compiled_part_alone_is_the_package_s_grammar():
    assert shape(grammar.bash()) == shape(tree_sitter_bash.language())


def test_a_package_that_is_built_otherwise_is_loaded_as_it_is(monkeypatch):
    for found in (None, PathFinder.find_spec("paratask")):
        monkeypatch.setattr(PathFinder, "find_spec", lambda *_, found=found: found)
        assert shape(grammar.bash()) == shape(tree_sitter_bash.language())
