"""Whether an awk program does no more than read what it is given and print.

It prints to a file with `>` and to a program with `|`, starts one with `system`, and reads more with `getline`. What stands in texts,
patterns and comments is none of these, and a `>` that follows no `print` compares. Where a text or a pattern ends is read as gawk does;
what is doubtful counts as more. Knows no file.
"""

from __future__ import annotations

import re

_PIECE = re.compile(
    r"""(?P<text>"(?:[^"\\\n]|\\.)*")|(?P<comment>\#[^\n]*)|(?P<joined>\\\r?\n)|(?P<stream>>>?[ \t]*"/dev/std(?:err|out)"(?=[ \t]*(?:[;}\r\n\#]|$)))|(?P<blank>[ \t\r]+)|(?P<word>\$*[A-Za-z_0-9.][\w.]*)"""
    r"""|(?P<other>\|\||\|&|&&|\+\+|--|>>|[-+*/%^!=<>]=|[^"\\])""",
    re.ASCII | re.DOTALL,
)
_PATTERN = re.compile(r"/(?:[^/\\\[\n]|\\.|\[\^?\]?(?:[^\]\n\[]|\[:[a-z]+:\])*\])+/")
_DOES_MORE = frozenset("system getline ARGV ARGC @ | |& >>".split())
_PRINTS = ("print", "printf")
_BEFORE_PATTERN = frozenset("print printf return case in do else if while for".split())
_OPENS, _CLOSES = frozenset("(["), frozenset(")]")
_GOES_ON = frozenset([",", "&&", "||", "?", ":"])
"""A line that ends so has not ended what it says."""


def only_reads(program: str) -> bool:
    """Whether nothing in the program writes, starts or reads what it was not given."""
    position, before = 0, "\n"
    prints, depth = False, 0
    while position < len(program):
        starts = program[position] == "/" and not _is_operand(before)
        pattern = _PATTERN.match(program, position) if starts else None
        found = pattern if starts else _PIECE.match(program, position)
        if found is None or (starts and before in ("++", "--")):
            return False
        position = found.end()
        kind, sign = (None, '"') if pattern else (found.lastgroup, found.group())
        if kind in ("comment", "joined", "stream", "blank"):
            continue
        sign = '"' if kind == "text" else sign
        if sign in _DOES_MORE or (prints and sign in (">", ">=")):
            return False
        depth += (sign in _OPENS) - (sign in _CLOSES)
        ends = sign in (";", "{", "}") or (sign == "\n" and depth <= 0 and before not in _GOES_ON)
        prints = sign in _PRINTS or (prints and not ends)
        before = sign if sign != "\n" or before not in _GOES_ON else before
    return True


def _is_operand(sign: str) -> bool:
    """Whether a `/` after it divides."""
    return sign in ('"', ")", "]", "$") or (sign[-1].isalnum() and sign not in _BEFORE_PATTERN) or sign[-1] in "_."
