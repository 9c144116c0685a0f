"""Template expressions for the fuzzer: Go's statements, and every function whose result does not depend on the moment.

`SIGNATURES` gives each function the kinds of its arguments and of its result. A kind is a Go type, or a kind of text that a
function can do something with (a path, a date's layout …), so that most expressions give a value. Now and then an argument is
of another kind, and the expression is refused.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from choices import Choices, Draw
from hypothesis import strategies as st

TOP = 2
"""How deep statements are nested."""


DATA = {
    "S": "Hello, World",
    "EMPTY": "",
    "U": "héllo wörld €",
    "SP": "  two  words\t\n",
    "NUM": "12",
    "N": 42,
    "ZERO": 0,
    "NEG": -7,
    "F": 2.5,
    "BIG": 1e21,
    "T": True,
    "NO": False,
    "L": ["a", "b", "c"],
    "LN": [3, 1, 2],
    "MIXED": [1, "x", 2.5, True, None, [1, 2], {"k": "v"}],
    "EL": [],
    "M": {"b": 2, "a": 1, "c": {"d": "deep", "e": [1, 2, 3]}},
    "EM": {},
    "MS": {"x": "1", "y": "2"},
    "LINES": "one\ntwo\r\nthree",
    "PATHNAME": "/usr/local/lib/../bin/./tool.tar.gz",
    "URL": "https://user:pa%20ss@example.com:8080/a%20b/c?q=1&r=2#frag",
    "JSON": '{"a": [1, 2.5, "x", null, true], "b": {"c": "<d>"}}',
    "YAML": "a: 1\nb: [x, 'y', 2.5, true, null, 0x1F]\nc:\n  d: |\n    text\n    more\n",
    "PEOPLE": [{"name": "Ann", "age": 31}, {"name": "Bob", "age": 25}],
}
"""The variables that expressions may name; `.MISSING` is none of them."""

SIGNATURES = """
text: trunc count text | trim text | upper text | lower text | title text | substr count count text | repeat few text
text: trimall text text | trimAll text text | trimSuffix text text | trimPrefix text text | indent few text | nindent few text
text: quote any... | squote any... | cat any... | replace text text text | plural text text int | toString any | join text list
text: seq small... | base path | dir path | clean path | ext path | osBase path | osDir path | osClean path | osExt path
text: joinPath path... | joinEnv text... | relPath path path | absPath path | fromSlash path | toSlash path | exeExt
text: b64enc text | b64dec base | b32enc text | b32dec base | sha1sum text | sha256sum text | adler32sum text | catLines text
text: toJson any | toPrettyJson any | toRawJson any | toYaml any | regexFind regex text | regexReplaceAll regex text text
text: regexReplaceAllLiteral regex text text | regexQuoteMeta text | urlJoin map | joinUrl url... | shellQuote text | q text
text: env name | expandenv dollars | html any... | js any... | urlquery any... | print any... | println any... | typeOf any | kindOf any
text: duration any | duration small | durationRound length | dateInZone layout moment zone | date layout moment | htmlDate moment
text: htmlDateInZone moment zone | spew text | spew exact | spew int float | hello | OS | mustToJson any | mustRegexFind regex text | date_in_zone layout moment zone
text: mustRegexReplaceAll regex text text | ternary text text bool | default text text | coalesce text text text | toPrettyJson map
int: len list | len text | len map | len any | atoi digits | int any | int64 any | toDecimal any | add1 int | add any... | sub any any
int: div int int | mod int int | mul int int | mul any any... | max any any... | min any any... | biggest int int | unixEpoch time
float: float64 any | maxf any any... | minf any any... | ceil any | floor any | round any few | round float few float
bool: contains text text | hasPrefix text text | hasSuffix text text | empty any | all any... | any any... | has any list
bool: hasKey map key | isAbs path | osIsAbs path | typeIs typename any | typeIsLike typename any | kindIs typename any | deepEqual any any
bool: regexMatch regex text | mustRegexMatch regex text | eq any any | eq int int int | eq text text text | ne text text | ne int int
bool: lt int int | le text text | gt float float | ge int int | lt any any | not any | IsSH | eq list list | mustHas any list
list: list any... | tuple any... | append list any | push list any | prepend list any | rest list | initial list | reverse list
list: uniq list | without list any... | concat list... | chunk positive list | compact list | until small | untilStep small small step
list: slice exact few | slice exact few few | sortAlpha list | toStrings any | toStrings list | splitList text text | splitLines text
list: splitArgs words | regexFindAll regex text count | regexSplit regex text count | mustRegexSplit regex text count | pluck key map map
list: mustAppend list any | mustPush list any | mustPrepend list any | mustRest list | mustInitial list | mustReverse list
list: mustUniq list | mustWithout list any... | mustSlice exact few | mustChunk positive list | mustCompact list
map: dict key any key any | dict any... | set fresh key any | unset fresh key | pick map key... | omit map key... | merge map map
map: merge map map map | split text text | splitn text few text | urlParse url
any: default any any | coalesce any... | ternary any any bool | first list | last list | get map key | dig key any map | dig key key any map
any: index list few | index map key | index map key key | index text few | fromJson json | fromYaml yaml | and any any | or any any
any: and any... | or any... | mustFirst list | mustLast list | mustFromJson json | mustFromYaml yaml
time: toDate layout stamp | dateModify length time | mustDateModify length time | date_modify length time
"""

_TEXTS = (
    "", "a", "A", "ab", "a b", "abc", "l", "o", ",", "-", " ", "é", "€uro", "x,y,,z", "one\\ntwo", "\\t", "it's", '\\"q\\"', "<b>&", "12",
    "-3", "1.5", "0x1F", "true", "null", "~", "$1", "${1}x", "a: b", "- a", "#c", "%d", "%", "\\\\", "  pad  ", "a.b", "[x]", "ß", "ǆ", "\\x00",
    "\\u200b", "😀", "<no value>", "K_1", "hello wORLD foo-bar", "a/b", "\\r\\n", "\\xff",
)  # fmt: skip
WORDS = {
    "path": ("", ".", "..", "/", "a", "a/b", "/a/b.txt", "./a", "../x", "a//b/", "/..", "a/../..", ".rc", "a.tar.gz", "//a", "é/ü"),
    "url": ("http://h", "http://h/a/", "https://u:p@h:8/a?q=1#f", "/a/b", "../y", "mailto:a@b.c", "//h/p", "", "a b", "http://[::1]:80/x",
            "%41", "%zz", "?q", "#f", "x:y", "HTTP://H", "http://h/%2f", "a:b/c"),
    "json": ("{}", "[]", "[1, 2.5]", '{\\"a\\": [1, {\\"b\\": null}]}', "5", '\\"x\\"', "null", "nope", "1e3", "[1,]", '\\"\\\\u00e9\\"', "true", "-0",
             '{\\"a\\":1,\\"a\\":2}', " 1 ", "1 2", "1e400", '\\"\\\\ud800\\"'),
    "yaml": ("a: 1", "[1, x]", "{a: {b: c}}", "- a\\n- b: c", "a: [", "1.50", "yes", "'5'", "~", "0x1F", "1e3", "", "a: |\\n  x\\n  y\\n", "{1: 2}",
             "2024-01-02", "!!str 5", "a: &x 1\\nb: *x", "<<: {a: 1}", "a: 1\\na: 2", "0o17", "017", ".inf", "x: y: z", "--- 1\\n--- 2", "!x 1",
             "? a", "a:\\n  - 1\\n  -\\n", '\\"\\\\x41\\"', "1_0", "+1", "1:30", "- - a", "a: >-\\n  x\\n  y", "@a", "a: b # c", "[a, b: c]", "2001-12-14t21:59:43.10-05:00"),
    "regex": ("a", "[a-z]+", "o|l", "(l)(o)?", "^H", "d$", ".", "\\\\w+", "\\\\d*", "x*", "[", "(", "a{2,3}", "(?i)h", "\\\\bW", "[^a-c]", "(?P<n>o)", "l+?",
              "\\\\s", "[[:upper:]]", "\\\\pL", "(?s).", "a**", "\\\\1", "(?=a)", "\\\\Q.\\\\E", "\\\\x41", "|", "()", "(?m)^t", "é", "[é-ü]", "a{1001}", "\\\\z"),
    "layout": ("2006-01-02", "15:04:05", "Mon Jan _2 2006", "2006-01-02T15:04:05Z07:00", "3:04PM", "06/1/2", "MST -0700", ".000", "002", "January Monday",
               "15:04:05.999999", "pm", "", "x", "Z0700", "20060102", "05.000000", "__2", "-07:00:00"),
    "stamp": ("2024-02-29", "2023-11-14", "12:30:00", "2024-05-06T07:08:09Z", "2024-05-06T07:08:09+05:30", "garbage", "", "Tue Jan  2 2024", "11:05PM",
              "99/12/31", "2024-13-01", "20240102", "060", "2024-02-30"),
    "zone": ("UTC", "America/New_York", "Asia/Kolkata", "Nowhere/Town", "", "Local", "EST"),
    "length": ("1h", "-1.5h", "90m", "36h", "1500ms", "nope", "2400h10m5s", "0", "1h2m3s", "", "9000h", "100ns", "5d", ".5s", "-0"),
    "digits": ("42", "-5", "+5", " 5", "x", "", "99999999999999999999", "007", "1_0", "0x1"),
    "base": ("SGVsbG8=", "!", "SGVsbG8", "JBSWY3DP", "", "SGVs\\nbG8=", "JBSQ====", "S===", "/+==", "gICA"),
    "name": ("GREETING", "NOPE", "EMPTY_ONE", "HOME", ""),
    "dollars": ("$GREETING", "${GREETING}!", "$NOPE.", "$", "$$", "${}", "${a", "$1", "x", "$GREETINGS", "${NOPE}é$HOME/"),
    "words": ("a b", "a 'b c'", '\\"d e\\"', "f\\\\ g", "--x=1 -y", "x{a,b}y", "''", "a # c", "a\\nb", "{1..3}", "'", "a*b", "", "a;b", "$GREETING", "~", "a\\\\",
              "$(x)", "a>b", "a&", "é ü", "$'a\\\\tb'", "{a..c}", "!", "#", "a=b c", "`x`", "((1))", "|"),  # compatibility.md, split-args
    "key": ("a", "b", "c", "d", "x", "zz", "", "name", "k"),
    "typename": ("string", "int", "float64", "bool", "map", "slice", "[]interface {}", "map[string]interface {}", "int64", "invalid", "*int"),
}  # fmt: skip
_NUMBERS = {
    "int": "0 1 2 3 7 -1 42 100 0x1F 0b101 1_000 'a' -12",
    "float": "0.5 1.5 2.5 -2.5 1e3 1e-7 1e21 0.1 3.14159 100000.0 123456789.125 1.0 -0.0",
}
_NAMES = {
    "text": ".S .EMPTY .U .SP .NUM .LINES .PATHNAME .M.c.d .MISSING",
    "int": ".N .ZERO .NEG .M.a",
    "float": ".F .BIG",
    "bool": ".T .NO true false",
    "list": ".L .LN .MIXED .EL .M.c.e .PEOPLE .MISSING",
    "map": ".M .EM .MS .M.c",
    "path": ".PATHNAME", "url": ".URL", "json": ".JSON", "yaml": ".YAML", "regex": ".U", "words": ".S",
    "any": ".S .N .F .T .L .M .MISSING .EMPTY .ZERO .EL .EM .MIXED .M.missing .M.missing.deeper nil",
}  # fmt: skip
_WITHOUT_DATA = {"list": ("(list 1 2)", '(list "a" "b")'), "map": ('(dict "a" 1)', "(dict)"), "bool": ("true", "false")}
_STRICT = {  # what is always a constant: another kind might be a very large number, or no time, which is taken for now
    "few": tuple("0 1 2 3 -1 4".split()),
    "small": tuple("0 1 2 3 5 -2 10".split()),
    "positive": tuple("1 2 3 4 0".split()),
    "step": tuple("1 2 -1 3 0".split()),
    "count": tuple("0 1 2 3 5 -1 -3 100".split()),
    "time": ('(toDate "2006-01-02 15:04" "2024-07-01 12:00")', '(toDate "2006-01-02" "2024-02-29")'),
    "moment": tuple("0 86400 1700000000 1720000000 -1 951782400".split()),
    "exact": (".L", ".LN", ".EL", '(list 1 "a")', "(list)"),  # compatibility.md, slice-capacity
    "fresh": ("(dict)", '(dict "a" 1)', '(dict "b" "x" "a" (list 1))'),  # a map that is set into itself ends task
}
_VALUES = ("text", "int", "float", "bool", "list", "map", "time")
_SPECIAL = ("%d", "%5d", "%-5d|", "%05d", "%+d", "%x", "%X", "%#x", "%o", "%b", "%c", "%q", "%U", "%s", "%10s", "%-10s|", "%.2s", "%v", "%+v",
            "%#v", "%T", "%t", "%f", "%.2f", "%8.3f", "%e", "%g", "%G", "%.3g", "% d", "%%", "%z", "%", "%!", "%*d", "%[2]v", "%6.2v", "%03v", "%x %X",
            "%08.2f", "%+q", "%#q", "% x", "%#o", "%O", "%+.1e", "%-08d", "%.0f", "%.3d", "%[1]v%[1]T", "%[9]d", "%.*f", "%w")  # fmt: skip


def _functions() -> dict[str, list[tuple[str, tuple[str, ...]]]]:
    """Functions by the kind of their result: name and kinds of arguments."""
    found: dict[str, list[tuple[str, tuple[str, ...]]]] = defaultdict(list)
    for line in SIGNATURES.strip().split("\n"):
        kind, _, rest = line.partition(": ")
        for entry in rest.split(" | "):
            name, *arguments = entry.split()
            found[kind].append((name, tuple(arguments)))
    return dict(found)


FUNCTIONS = _functions()
_RESULTS = tuple(FUNCTIONS)
_ALL = [function for kind, group in FUNCTIONS.items() if kind != "time" for function in group]


class Writer(Choices):
    """Writes one template, choosing with hypothesis. `depth` bounds what is nested in what.

    `_root` is what leads to DATA: nothing at the top, `$` where the dot is another value, None in a definition.
    """

    def __init__(self, draw: Draw) -> None:
        super().__init__(draw)
        self._variables: list[str] = []
        self._loops = 0
        self._root: str | None = ""
        self._timeless = False

    # Expressions

    def expression(self, kind: str, depth: int) -> str:
        """An operand of a call: a constant, a variable, or a call in parentheses."""
        if kind in _STRICT and kind != "time":
            return self.leaf(kind)
        if self.chance(2):
            kind = self.one_of(_VALUES[:-1] if self._timeless else _VALUES)
        if depth <= 0 or (kind not in FUNCTIONS and self.chance(85)) or self.chance(35):
            return self.leaf(kind)
        return f"({self.call(kind, depth)})"

    def leaf(self, kind: str) -> str:
        if kind not in _STRICT and self._variables and self.chance(25):
            return self.one_of(self._variables)
        if kind in _STRICT:
            return self.one_of(_STRICT[kind])
        if kind == "any":
            kind = self.one_of(("any", "text", "int", "float", "bool", "list", "map"))
        if kind in _NAMES and self._root is not None and self.chance(50):
            return self._named(kind)
        if kind in _NUMBERS:
            return self.one_of(_NUMBERS[kind].split())
        if kind in ("list", "map", "bool"):
            return self._named(kind) if self._root is not None else self.one_of(_WITHOUT_DATA[kind])
        words = WORDS.get(kind, _TEXTS)
        return self.quoted([word for word in words if not word.startswith("20")] if self._timeless else words)

    def _named(self, kind: str) -> str:
        """A variable of DATA (or true, false, nil), reached from where we are."""
        name = self.one_of(_NAMES[kind].split())
        return f"{self._root}{name}" if name.startswith(".") and not self.chance(5) else name

    def quoted(self, texts: Sequence[str]) -> str:
        text = self.one_of(texts)
        return f"`{text}`" if self.chance(10) and "`" not in text else f'"{text}"'

    def call(self, kind: str, depth: int) -> str:
        """A call of a function that gives `kind`; its last argument may be piped into it."""
        if self.chance(6):
            return self.formatted(depth)
        if kind == "any" and self.chance(70):
            kind = self.one_of(_RESULTS)
        if kind == "time" and self._timeless:
            return self.leaf("int")
        name, kinds = self.one_of(FUNCTIONS[kind]) if kind in FUNCTIONS else self.one_of(_ALL)
        arguments = [self.expression(kind, depth - 1) for kind in self._spread(kinds)]
        if self.chance(2):
            arguments = arguments[1:]
        if arguments and self.chance(25):
            piped = arguments.pop().removeprefix("(").removesuffix(")") if arguments[-1].startswith("(") else arguments.pop()
            return f"{piped} | {' '.join([name, *arguments])}"
        return " ".join([name, *arguments])

    def formatted(self, depth: int) -> str:
        """A printf of what is no time (compatibility.md, time-verbs)."""
        verbs = [self.one_of(_SPECIAL) for _ in range(self.number(2) + 1)]
        outer, self._variables, self._timeless = (self._variables, self._timeless), [], True
        values = [self.expression("any", depth - 1) for _ in verbs]
        self._variables, self._timeless = outer
        if self.chance(10):
            values = values[1:]
        return " ".join(["printf", '"' + " ".join(verbs) + '"', *values])

    def _spread(self, kinds: tuple[str, ...]) -> list[str]:
        spread: list[str] = []
        for kind in kinds:
            if kind.endswith("..."):
                spread.extend([kind.removesuffix("...")] * self.number(3))
            else:
                spread.append(kind)
        return spread

    def pipeline(self, kind: str, depth: int) -> str:
        if self.chance(30):
            return self.leaf(kind)
        return self.call(kind, depth)

    # Statements

    def template(self, depth: int) -> str:
        return "".join(self.statement(depth) for _ in range(self.number(2) + 1))

    def statement(self, depth: int) -> str:
        plain = (self._action, self._action, self._action, self._text)
        nested = (self._if, self._with, self._range, self._assignment, self._definition, self._comment, self._jump)
        choices = (*plain, *plain, *nested) if depth > 0 else plain
        return self.one_of(choices)(depth)

    def _delimited(self, inside: str) -> str:
        left = self.one_of(("{{", "{{", "{{ ", "{{- "))
        right = self.one_of(("}}", "}}", " }}", " -}}"))
        return f"{left}{inside}{right}"

    def _text(self, depth: int) -> str:
        return self.one_of(("x", " ", "\n", " a ", "-", "}}", "{ ", "\t", "é ", "<no value>", "\"'"))

    def _action(self, depth: int) -> str:
        return self._delimited(self.pipeline("any", depth + 1))

    def _comment(self, depth: int) -> str:
        return self.one_of(("{{/* c */}}", "{{- /* c */ -}}", "{{/* a\nb */}}"))

    def _body(self, depth: int, *variables: str) -> str:
        """What stands between keywords; with variables of its own, where the dot is another value."""
        known, root = len(self._variables), self._root
        self._variables += variables
        if variables and root is not None:
            self._root = "$"
        body = self.template(depth - 1)
        del self._variables[known:]
        self._root = root
        return body

    def _otherwise(self, depth: int, keyword: str) -> str:
        if self.chance(60):
            return ""
        if keyword and self.chance(30):
            chained = f"{{{{else {keyword} {self.pipeline('any', depth)}}}}}{self._body(depth)}"
            return chained + (f"{{{{else}}}}{self._body(depth)}" if self.chance(50) else "")
        return "{{else}}" + self._body(depth)

    def _if(self, depth: int) -> str:
        condition = self.pipeline(self.one_of(("bool", "any")), depth)
        return f"{self._delimited('if ' + condition)}{self._body(depth)}{self._otherwise(depth, 'if')}{{{{end}}}}"

    def _with(self, depth: int) -> str:
        declared = "$w := " if self.chance(25) else ""
        head = f"{{{{with {declared}{self.pipeline('any', depth)}}}}}"
        body = self._body(depth, ".", "$w") if declared else self._body(depth, ".")
        return f"{head}{body}{self._otherwise(depth, 'with')}{{{{end}}}}"

    def _range(self, depth: int) -> str:
        known, self._variables = self._variables, []  # these may be very large numbers
        over = self.pipeline(self.one_of(("list", "list", "map", "small")), depth)
        self._variables = known
        declared = self.one_of(((), (), ("$e",), ("$i", "$e")))
        head = f"{{{{range {', '.join(declared)}{' := ' if declared else ''}{over}}}}}"
        self._loops += 1
        body = self._body(depth, ".", *declared)
        self._loops -= 1
        return f"{head}{body}{self._otherwise(depth, '')}{{{{end}}}}"

    def _assignment(self, depth: int) -> str:
        name = self.one_of(("$x", "$y"))
        sign = "=" if name in self._variables and self.chance(50) else ":="
        written = f"{{{{{name} {sign} {self.pipeline('any', depth)}}}}}"
        self._variables.append(name)
        return written

    def _definition(self, depth: int) -> str:
        """A template with its use; `$` in it is what it was given, and the variables around it are not seen."""
        if depth < TOP:
            return self._action(depth)
        outer, self._variables, self._root = self._variables, [".", "$"], None
        body = self.template(depth - 1)
        self._variables, self._root = outer, ""
        if self.chance(30):
            return f'{{{{block "t{depth}" {self.leaf("any")}}}}}{body}{{{{end}}}}'
        given = f" {self.leaf('any')}" if self.chance(80) else ""
        return f'{{{{define "t{depth}"}}}}{body}{{{{end}}}}{{{{template "t{depth}"{given}}}}}'

    def _jump(self, depth: int) -> str:
        if not self._loops and self.chance(90):
            return self._text(depth)
        return self.one_of(("{{break}}", "{{continue}}"))


@st.composite
def templates(draw: Draw) -> str:
    """A text with actions in it."""
    return Writer(draw).template(TOP)


@st.composite
def _pipelines(draw: Draw) -> str:
    return Writer(draw).pipeline("any", 3)


def references() -> st.SearchStrategy[str]:
    """Expressions for a `ref:`. None that may give a time, or a map that `split` made: compatibility.md, times-in-refs."""
    return _pipelines().filter(lambda text: not any(word in text for word in ("oDate", '"20', "`20", "split ", "splitn ")))
