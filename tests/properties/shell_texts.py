"""Random shell texts over a small tree, for comparing what they are taken to touch with what they touch.

Each construct stands for something that the reading of shell texts has to follow: folders, variables, branches, loops, functions,
redirections, patterns. Many texts fail when they run; what they touched until then counts. None names an absolute path, or begins one with a
variable, which might not be set; how far they climb, CLIMBS bounds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random

FILES = ("a.txt", "b.txt", "src/m.py", "src/n.py", "src/deep/z.txt", "lib/k.txt", "data/one.csv", "data/two.csv", ".hid/x")
FOLDERS = ("src", "lib", "data", "src/deep", "out", "new", ".hid")
NAMES = ("a.txt", "b.txt", "m.py", "z.txt", "one.csv", "fresh.txt", "gen.o")
PATTERNS = ("*.txt", "src/*.py", "*/*.csv", "data/*", "src/{m,n}.py", "[ab].txt", "src/?.py")
TOLD = (
    '"$(pwd)/a.txt"',
    "$(basename src/m.py)",
    '"$PWD/src"',
    "./b.txt",
    "src/../a.txt",
    "'b.txt'",
    "$(dirname src/deep/z.txt)/w.txt",
)
SIMPLE = (
    "cat P P", "cp P P", "cp -r D P", "cp -t D P", "mv P P", "mv -t D P", "rm -f P P", "rm -rf P", "touch P P", "mkdir -p N", "mkdir P",
    "ln -sf P P", "sed -i s/a/b/ P", "echo x > P", "echo x >> P", "head -1 < P", "grep x P > P", "cat P | tee P", "sort -o P P",
    "find D -name '*.txt' -delete", "find D -type f -exec touch {} +", "tar cf out/t.tar P", "install P P", "install -d n1/n2",
    "truncate -s 0 P", "rmdir D", "chmod +x P", "cat <<EOF > P\nhello $UNSET\nEOF", "xargs rm -f < P", "echo P | xargs touch",
    "gzip -kf P", "(cd D && touch N)", "env A=1 cp P P", "awk 1 P > P", "ln P P", "cp -a P P", "unlink P", "tee P P < /dev/null",
    "cp src/* out/", "rm -rf out/*", 'rm -rf "${UNSET}out"', "cp a.txt{,.bak}", "mkdir -p x/{y,z}/w", "ln -sfn out lnk && cp a.txt lnk/",
    "touch ${UNSET:+a.txt} N", "touch pre$UNSET", 'bash -c "touch N"',
)  # fmt: skip
WITH_VARIABLES = (
    "V=W", "V+=x", 'V=W\ntouch "$V"', "V=$(cat P)\ntouch $V", 'read -r V < P\ntouch "$V"', 'printf -v V N\ntouch "$V"',
    ': "${V:=made}"\ntouch "$V"', 'unset V\ntouch "${V:-left}"', "export V=W\nbash -c 'touch \"$V\"'", "V=W bash -c 'touch \"$V\"'",
    'if true; then V=W; fi\ntouch "$V"', '[ -n "$V" ] || V=W\ntouch "$V"', '(V=W); touch "$V"', '{ V=W; }\ntouch "$V"',
    'case "$V" in a*) V=W;; *) V=W;; esac\ntouch "$V"', "set -a\nV=W\nset +a\nbash -c 'touch $V'", "V=W; trap 'touch $V' EXIT",
    'V=W\nf_v() { touch "$V"; }\nV=W\nf_v', 'V=W\nf_w() { V=W; }\nf_w\ntouch "$V"', 'V=W\nfor i in 1 2; do\ntouch "$V"\nV=W\ndone',
    'V="src lib"\nfor d in $V; do touch "$d/in"; done', "V=*.txt\ntouch $V", 'V=W\nV="${V:-new}/x"\nmkdir -p "$V"', "touch ${V%.txt}.o",
    'V="$(cd D && pwd)"\ntouch "${V:-out}/w"', 'f_l() {\nlocal V=W\ntouch "$V"\n}\nf_l\ntouch "$V"', "T=touch; $T N",
    'V="N P"\ntouch $V', 'V="-f N"\nrm $V P', 'V="N $V"\nS\ntouch ${V}', 'T="cp -r"; $T P N', 'V="P N"\nU="$V W"\nrm -rf $U "$V"',
    'V=" N "\nfor i in $V P; do touch "$i"; done', 'V="N P"\nset -- $V\ntouch "$2"', 'V="N P"\nf_k() { touch $V; rm -f $1; }\nf_k $V', "V='P N'\ntouch x$V",
    'V="N P"\nif [ -e P ]; then V="$V N"; fi\ntouch $V', 'V="N P"\nbash -c "touch $V"', "V='N P' bash -c 'touch $V'", 'V="src lib"\ncd $V\ntouch N',
)  # fmt: skip
WITH_STATEMENTS = (
    "S && S", "S || S", "if S; then\nB\nelse\nB\nfi", "for F in P P; do\nB\ndone", "for F in *.txt; do\nS\ndone", "{ S; } > P", "( B\n)",
    "case P in\n*.txt) S ;;\n*) S ;;\nesac", "while read -r L; do\nS\ndone < P", "cd D", "cd D && S && cd - > /dev/null", "cd D || exit 0\nS",
    "if cd D; then S; fi\nS", "( cd D ); S", "true || cd D\nS", "cd nowhere 2> /dev/null || cd D\nS", "! S", "S | ( S )", "S &\nwait",
    "fn() {\nB\n}\nfn P", 'f_a() {\ncp "$1" "$2"\n}\nf_a P P', 'set -- P P\ntouch "$1"', "exec > P", "S &> P", "S 2> P", "S\n\\touch N",
    'for f in src/*.py; do cp "$f" "out/$(basename "$f")"; done', 'for f in *.txt; do mv "$f" "${f%.txt}.md"; done', 'trap "rm -f N" EXIT',
    'set -- P P P\nshift\ntouch "$1" "$2"', 'set -- P P\nfor f in "$@"; do\ntouch "$f"\ndone', 'f_s() {\nshift\ntouch "$@" $1\n}\nf_s P P N',
    'set -- P\ncase "$1" in\na*) S ;;\nb.txt | ./b.txt) S ;;\n*) S ;;\nesac', 'set -- W N\ntouch $1 "${2:-N}" ${3:-N} "${4}x"',
    'set -- N P N\nwhile [ $# -gt 1 ]; do\ntouch "$1"\nshift\ndone\ntouch "${1:-N}"', 'set -- $V P\ntouch "x$1" "$@"\nS\ntouch "$1"',
    'set -- P N\nf_r() {\nset -- N P\nS\ntouch "$1" "${3:-N}"\n}\nf_r P\ntouch "$2"', "set -- P P\nif [ -e P ]; then shift; fi\nrm -rf $1",
    'f_q() {\ntouch "$2"\n}\nf_q "$V" P', 'set -- "$(cat P)" $V N\ntouch "$2" "$3"', 'f_t() {\ntouch "$@"\n}\nV="src lib"\nf_t "$V" $V',
    "set -- N P\nset -eu\nS\ntouch $@", "set -- P N\n( set -- N\ntouch $1 )\ntouch $2", 'set -- touch N P\n"$@"\nshift\nrm -f "$@"',
)  # fmt: skip
DEEPEST = 3
CLIMBS = 40
"""Folders that have to lie above the tree, so that no `..` leads out of what belongs to the text."""


class Texts:
    """Makes texts from a source of chance. In the constructs above P is a path, D a folder, N a name, W a value, V a variable; S is a
    statement, B are one or two.
    """

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._depth = 0

    def text(self) -> str:
        """One to four statements."""
        return "\n".join(self._statement() for _ in range(self._chance.randint(1, 4)))

    def _statement(self) -> str:
        kinds = (SIMPLE, WITH_VARIABLES, WITH_STATEMENTS) if self._depth < DEEPEST else (SIMPLE,)
        return self._filled(self._chance.choice(self._chance.choice(kinds)))

    def _filled(self, construct: str) -> str:
        self._depth += 1
        variable = self._chance.choice("XYZ")
        made = {
            "P": self._path,
            "D": self._folder,
            "N": self._name,
            "W": self._value,
            "V": lambda: variable,
            "S": self._statement,
            "B": self._block,
        }
        words = "".join(made[char]() if self._stands_alone(construct, at) else char for at, char in enumerate(construct))
        self._depth -= 1
        return words

    @staticmethod
    def _stands_alone(construct: str, at: int) -> bool:
        around = construct[max(0, at - 1) : at] + construct[at + 1 : at + 2]
        return construct[at] in "PDNWVSB" and not any(char.isalpha() or char == "_" for char in around)

    def _block(self) -> str:
        return "\n".join(self._statement() for _ in range(self._chance.randint(1, 2)))

    def _path(self) -> str:
        variable = self._chance.choice(("X", "Y", "Z", "UNSET"))
        kinds = (
            FILES, NAMES, (f"{self._folder()}/{self._name()}",), (f"../{self._name()}",), PATTERNS, TOLD,
            (f"${variable}", f'"${variable}"', f'"${{{variable}:-lib}}/{self._name()}"', f"${{{variable}:-out}}/y.txt", f"pre-${variable}"),
        )  # fmt: skip
        return self._chance.choice(self._chance.choice(kinds))

    def _folder(self) -> str:
        return self._chance.choice((*FOLDERS, "..", ".", "src/.."))

    def _name(self) -> str:
        return self._chance.choice(NAMES)

    def _value(self) -> str:
        return self._chance.choice((*NAMES, *FOLDERS, '"a b"', "$(basename data/one.csv)", "$(pwd)", "$X", "${Y:-lib}/sub"))
