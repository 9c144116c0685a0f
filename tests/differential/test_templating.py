"""Template expressions through the real `task`, and through `paratask.templating`: the same text, byte for byte.

`task` runs once, on a Taskfile with one variable per expression; each comes out as base64.
"""

from __future__ import annotations

import base64
import json
import os
import random
import shutil
import subprocess
import sys
import zoneinfo
from datetime import datetime, timezone

import pytest

from paratask.templating import Machine, TemplateError, render

TASK = shutil.which("task") or shutil.which("task", path=os.path.dirname(sys.executable))
ZONE = "Europe/Berlin"
ENVIRON = {"TZ": ZONE, "GREETING": "hello world", "EMPTY_ONE": "", "HOME": "/home/someone"}

pytestmark = pytest.mark.skipif(TASK is None, reason="the real `task` is not installed")

DATA = {
    "S": "Hello, World",
    "EMPTY": "",
    "U": "héllo wörld €",
    "N": 42,
    "ZERO": 0,
    "NEG": -7,
    "F": 2.5,
    "BIGF": 1e21,
    "T": True,
    "NO": False,
    "NIL": None,
    "L": ["a", "b", "c"],
    "LN": [3, 1, 2],
    "MIXED": [1, "x", 2.5, True, None, [1, 2], {"k": "v"}],
    "EL": [],
    "M": {"b": 2, "a": 1, "c": {"d": "deep", "e": [1, 2, 3]}},
    "EM": {},
    "MS": {"x": "1", "y": "2"},
    "LINES": "one\ntwo\r\nthree",
    "CSV": "x,y,,z",
    "PATH1": "/usr/local/lib/../bin/./tool.tar.gz",
    "URL": "https://user:pa%20ss@example.com:8080/a%20b/c?q=1&r=2#frag",
    "JSON": '{"a": [1, 2.5, "x", null, true], "b": {"c": "<d>"}}',
    "YAML": "a: 1\nb: [x, 'y', 2.5, true, null, 0x1F, 1e3, 017]\nc:\n  d: |\n    text\n    more\n  e: 2024-01-02\n",
    "PEOPLE": [{"name": "Ann", "age": 31}, {"name": "Bob", "age": 25}],
}

CASES = r"""
plain
{{.S}}
{{ .S }}
{{.N}} {{.F}} {{.T}} {{.BIGF}} {{.NEG}}
{{.NIL}}
{{.MISSING}}
{{.MISSING.DEEPER}}
{{.M.missing}}
{{.M.missing.deeper}}
{{.L}}
{{.MIXED}}
{{.M}}
{{.EL}} {{.EM}}
{{.M.c.d}}
{{.M.c.e}}
{{(index .PEOPLE 0).name}}
{{(index .M "c").e}}
{{ "a" }}{{ `raw\n` }}{{ "esc\t\"q\" \\ \u00e9 \x41 \101" }}
{{ 'a' }} {{ '\n' }} {{ '\'' }} {{ '\x41' }} {{ 'é' }}
{{ 12 }} {{ -12 }} {{ +12 }} {{ 0x1F }} {{ 0b101 }} {{ 0o17 }} {{ 017 }} {{ 1_000 }}
{{ 1.5 }} {{ .5 }} {{ 1e3 }} {{ 1E-7 }} {{ 0x1p4 }} {{ 100000.0 }} {{ 1000000.0 }} {{ 1e20 }} {{ 1e21 }} {{ 1e22 }} {{ 123456789.125 }}
{{ 0.0001 }} {{ 0.00001 }} {{ 1.0 }} {{ -0.0 }} {{ 3.0e0 }}
{{ true }} {{ false }}
a {{- 1 -}} b
a {{- "x" }} b
a {{ "x" -}} b
  {{- /* comment */ -}}  x
{{/* comment */}}x
a {{/* comment */}} b
{{ print nil }}
{{ $x := 1 }}{{ $x }}{{ $x = 2 }}{{ $x }}
{{ $x := 1 }}{{ if true }}{{ $x = 5 }}{{ $y := 3 }}{{ $y }}{{ end }}{{ $x }}
{{ $x := 1 }}{{ if true }}{{ $x := 5 }}{{ $x }}{{ end }}{{ $x }}
{{ $.S }} {{ with .M }}{{ $.N }}{{ .a }}{{ end }}
{{ $m := .M }}{{ $m.c.d }}
{{ if .S }}yes{{ else }}no{{ end }}{{ if .EMPTY }}yes{{ else }}no{{ end }}
{{ if .ZERO }}a{{ else if .N }}b{{ else }}c{{ end }}
{{ if .ZERO }}a{{ else if .NO }}b{{ else }}c{{ end }}
{{ if .NIL }}a{{ end }}{{ if .EL }}b{{ end }}{{ if .EM }}c{{ end }}{{ if 0.0 }}d{{ end }}{{ if .F }}e{{ end }}
{{ if and .S .N }}both{{ end }} {{ if or .EMPTY .ZERO }}x{{ else }}none{{ end }} {{ if not .EMPTY }}empty{{ end }}
{{ and }}
{{ and 1 2 3 }} {{ and 1 0 3 }} {{ or 0 "" "x" }} {{ or 0 "" }} {{ and .S .MISSING }} {{ or .MISSING "d" }}
{{ not 1 }} {{ not 0 }} {{ not .MISSING }} {{ not nil }}
{{ true | and false }} {{ false | or true }} {{ 1 | and 2 }} {{ 0 | or 0 }}
{{ with .S }}[{{ . }}]{{ else }}none{{ end }}
{{ with .EMPTY }}[{{ . }}]{{ else }}none{{ end }}
{{ with .EMPTY }}1{{ else with .S }}2{{ . }}{{ else }}3{{ end }}
{{ with $x := .N }}{{ $x }}{{ . }}{{ end }}
{{ range .L }}[{{ . }}]{{ end }}
{{ range $e := .L }}[{{ $e }}]{{ end }}
{{ range $i, $e := .L }}{{ $i }}={{ $e }};{{ end }}
{{ range .EL }}x{{ else }}empty{{ end }}
{{ range .MISSING }}x{{ else }}missing{{ end }}
{{ range $k, $v := .M }}{{ $k }}={{ $v }};{{ end }}
{{ range .M }}{{ . }};{{ end }}
{{ range 3 }}{{ . }}{{ end }} {{ range $i := 3 }}{{ $i }}{{ end }} {{ range 0 }}x{{ else }}none{{ end }}
{{ range .LN }}{{ if eq . 1 }}{{ continue }}{{ end }}{{ . }}{{ end }}
{{ range .LN }}{{ if eq . 1 }}{{ break }}{{ end }}{{ . }}{{ end }}
{{ range $i, $_ := .LN }}{{ range $.L }}{{ if eq . "b" }}{{ break }}{{ end }}{{ $i }}{{ . }}{{ end }}{{ end }}
{{ range .L }}{{ range $.EL }}{{ else }}{{ break }}{{ end }}x{{ end }}
{{ range .L }}{{ range $.EL }}{{ else }}{{ continue }}{{ end }}x{{ end }}
{{ $s := "" }}{{ range .L }}{{ $s = print $s . }}{{ end }}{{ $s }}
{{ $i := 0 }}{{ $e := 0 }}{{ range $i, $e = .L }}{{ end }}{{ $i }}{{ $e }}
{{ range .PEOPLE }}{{ .name }}:{{ .age }} {{ end }}
{{ range .MIXED }}<{{ . }}>{{ end }}
{{ range until 3 }}{{ . }}{{ end }} {{ range $i, $c := splitList "" "abc" }}{{ $i }}{{ $c }}{{ end }}
{{ range (list 1 2 nil) }}({{ . }}){{ end }}
{{ define "t" }}<{{ . }}>{{ end }}{{ template "t" .S }}{{ template "t" 3 }}
{{ define "t" }}{{ .S }}{{ end }}{{ template "t" . }}{{ template "t" }}
{{ block "b" .N }}[{{ . }}]{{ end }}
{{ define "r" }}{{ if gt . 0 }}{{ . }}{{ template "r" (sub . 1 | int) }}{{ end }}{{ end }}{{ template "r" 3 }}
{{ .S | upper | printf "%s!" }}
{{ "x" | printf "%s-%s" "y" }}
{{ printf "%d" 3 | print }} {{ (print 1 2) | len }}
{{ (((1))) }} {{ (len .S) }} {{ len .L }} {{ len .M }} {{ len .U }}
{{ eq 1 1 }} {{ eq 1 2 3 1 }} {{ eq "a" "b" "a" }} {{ ne 1 2 }} {{ lt 1 2 }} {{ le 2 2 }} {{ gt 3 2 }} {{ ge 2 3 }}
{{ eq .N 42 }} {{ eq (add 1 2) 3 }} {{ eq 1.5 .F }} {{ lt "a" "b" }} {{ eq true .T }} {{ eq 'a' 97 }}
{{ eq .NIL nil }} {{ eq .MISSING nil }} {{ ne .S nil }} {{ eq nil nil }} {{ eq .MISSING "x" }} {{ eq .MISSING .NIL }}
{{ lt 1.5 2.5 }} {{ gt "b" "a" }} {{ lt "Z" "a" }} {{ lt "é" "z" }}
{{ index .L 1 }} {{ index .M "a" }} {{ index .M "c" "e" 2 }} {{ index .S 1 }} {{ index .M "zz" }} {{ index .MS "zz" }}
{{ slice .L 1 }} {{ slice .L 1 2 }} {{ slice .L }} {{ slice .EL }}
{{ html "<a href='x'>&\"</a>" }} {{ html 1 nil "<" }} {{ html .MISSING }}
{{ js "it's \"q\" <b>&=\\ é \n" }} {{ urlquery "a b&c=d/é~" }}
{{ print 1 2 "a" "b" 3 4 nil nil }} {{ print }} {{ print .S .N }}
{{ println 1 "a" nil }}x{{ println }}
{{ printf "%v %v %v %v" .L .M nil true }}
{{ printf "%s %d %q %x %X %o %b %c %U" "s" 42 "q" 255 255 8 5 65 8364 }}
{{ printf "%5d|%-5d|%05d|%+d|% d|%x|%#x|%#o|%O" 42 42 42 42 42 -255 255 8 8 }}
{{ printf "%5s|%-5s|%.2s|%5.1s|%q|%x|% x|%#x|%X" "abc" "abc" "abc" "abc" "a\"b\n\x00é" "hi" "hi" "hi" "hi" }}
{{ printf "%05s|%-05d|%05q" "ab" 3 "x" }}
{{ printf "%f %.2f %8.3f %-8.1f| %e %E %g %G %.3g %08.2f %+.1f" 2.5 2.555 3.14159 2.25 12345.678 0.00012 1e6 1e-7 1234.5678 3.14159 2.0 }}
{{ printf "%v %g %g %g %g %f" 1e20 1e20 1e21 123456789.0 0.00001 1e10 }}
{{ printf "%t %v %5t" true false true }}
{{ printf "%T %T %T %T %T %T %T %T" 1 "s" 1.5 true .L .M nil (add 1 1) }}
{{ printf "%T %T %T %T %T %T" (split "," "a,b") (splitList "," "a") (until 2) (chunk 1 .L) (index .S 0) (keys .M) }}
{{ printf "%d" "str" }} {{ printf "%s" 5 }} {{ printf "%d %d" 1 }} {{ printf "%d" 1 2 "x" }} {{ printf "%z" 1 }} {{ printf "%" }} {{ printf "100%%" }}
{{ printf "%!" }} {{ printf "%d" nil }} {{ printf "%s" nil }} {{ printf "%v" nil }} {{ printf "%d%%" 50 }} {{ printf "%s" true }} {{ printf "%d" 1.5 }}
{{ printf "%[2]d %[1]d" 1 2 }} {{ printf "%[3]d" 1 }} {{ printf "%*d|%-*d|" 5 42 4 7 }} {{ printf "%.*f" 2 3.14159 }} {{ printf "%[1]d %d" 1 2 }}
{{ printf "%v %+v %#v" .M .M .M }}
{{ printf "%#v %#v %#v %#v %#v %#v" .L "x" 1 1.5 nil true }}
{{ printf "%#v %#v" 1.0 1e6 }} {{ printf "%#v" (splitList "," "a,b") }} {{ printf "%#v" (rest (list)) }} {{ printf "%#v" (list nil 1) }}
{{ printf "%s" .L }} {{ printf "%q" .L }} {{ printf "%d" .LN }} {{ printf "%03d" .LN }} {{ printf "%x" .L }} {{ printf "%s" .MIXED }} {{ printf "%d" .M }}
{{ printf "%6.2f|%-8s|%8s" 3.14159 "ab" "é" }} {{ printf "%c%c" 233 128512 }} {{ printf "%q" 'x' }} {{ printf "%#q %+q" "a`b" "é" }} {{ printf "%#q" "ab" }} {{ printf "%#U" 8364 }}
{{ printf "%x" "héllo" }} {{ printf "%.3d|%8.3d|%-8.3d|" 5 5 5 }} {{ printf "%+v" .MIXED }} {{ printf "%6v|%-6v|" 42 "x" }} {{ printf "%6v" .LN }}
{{ trunc 5 .S }} {{ trunc -5 .S }} {{ trunc 100 .S }} {{ trunc 0 .S }} {{ trunc 2 "héllo" }}
[{{ trim "  a b \n\t" }}] {{ trimAll "-" "--a-b--" }} {{ trimall "xy" "xyaxy" }} {{ trimSuffix ".go" "a.go" }} {{ trimPrefix "v" "v1.2" }} {{ trimPrefix "x" "abc" }} {{ trimAll "" " a " }}
{{ upper .U }} {{ lower "ÀÉ X" }} {{ title "hello wORLD foo-bar it's o'neil a_b 1st" }} {{ upper "straße" }}
{{ substr 0 5 .S }} {{ substr 3 -1 .S }} {{ substr -1 3 .S }} {{ substr 2 100 .S }} {{ substr 1 3 "héllo" }}
{{ repeat 3 "ab" }} {{ repeat 0 "ab" }} {{ contains "World" .S }} {{ hasPrefix "He" .S }} {{ hasSuffix "x" .S }} {{ contains "" .S }}
{{ quote .S 1 nil "a\"b" }} {{ squote .S 1 nil "it's" }} {{ quote .L }} {{ quote "é\n\t€ \u200b" }} {{ quote }}
{{ cat "a" 1 nil "b" true }} {{ cat }} {{ cat "a " "b" }} {{ cat " a" " b " }} {{ cat .L }}
{{ indent 2 "a\nb\n" }}|{{ nindent 4 "a\nb" }}|{{ indent 0 "x" }}
{{ replace "l" "L" .S }} {{ replace "" "-" "abc" }} {{ replace "x" "y" .S }} {{ plural "one" "many" 1 }} {{ plural "one" "many" 2 }} {{ len .L | plural "one" "many" }}
{{ toString 1.0 }} {{ toString nil }} {{ toString .L }} {{ toString true }} {{ hello }}
{{ split "," .CSV }} {{ (split "," .CSV)._1 }} {{ splitn "," 2 .CSV }} {{ splitList "," .CSV }} {{ splitList "" "aé" }} {{ splitList "x" "" }} {{ splitn "" 2 "abc" }} {{ splitn "," 0 "a,b" }} {{ splitn "," -1 "a,b" }}
{{ toStrings .MIXED }} {{ toStrings .N }} {{ toStrings nil }} {{ join "-" .L }} {{ join "," .MIXED }} {{ join "," "abc" }} {{ join "," nil }} {{ join "," .LN }} {{ join "" (list 1 nil 2) }}
{{ sortAlpha .L }} {{ sortAlpha (list "b" "A" "a" 10 9 "é") }} {{ sortAlpha "x" }} {{ sortAlpha .LN }} {{ sortAlpha 5 }}
{{ atoi "42" }} {{ atoi "x" }} {{ atoi "-5" }} {{ atoi "+5" }} {{ atoi " 5" }} {{ atoi "99999999999999999999" }} {{ atoi "1_0" }} {{ atoi "" }}
{{ int "42" }} {{ int 2.9 }} {{ int -2.9 }} {{ int true }} {{ int "x" }} {{ int nil }} {{ int "0x10" }} {{ int64 "7" }} {{ int "1.5" }} {{ int .L }} {{ int 1e30 }}
{{ float64 "2.5" }} {{ float64 1 }} {{ float64 "x" }} {{ float64 true }} {{ float64 "1e3" }} {{ float64 "inf" }} {{ float64 "-Inf" }} {{ float64 "nan" }} {{ float64 "0x1p-2" }} {{ float64 " 1" }} {{ float64 "1e400" }}
{{ toDecimal "777" }} {{ toDecimal 644 }} {{ toDecimal "8" }} {{ toDecimal "0o17" }} {{ toDecimal -17 }}
{{ seq 3 }}|{{ seq 2 5 }}|{{ seq 1 2 10 }}|{{ seq -3 }}|{{ seq 5 2 }}|{{ seq 10 -2 1 }}|{{ seq 5 1 2 }}|{{ seq }}|{{ seq 0 }}|{{ seq 1 2 3 4 }}|{{ seq 0 0 }}|{{ seq 2 0 5 }}|{{ seq 1 }}
{{ until 5 }} {{ until -3 }} {{ until 0 }} {{ untilStep 0 10 3 }} {{ untilStep 5 0 -2 }} {{ untilStep 5 0 2 }} {{ untilStep 0 5 -1 }} {{ untilStep 0 5 0 }}
{{ add 1 2 3 }} {{ add }} {{ add "4" 2.9 true }} {{ add1 5 }} {{ sub 5 7 }} {{ mul 2 3 4 }} {{ mul 5 }} {{ div 7 2 }} {{ div -7 2 }} {{ mod 7 3 }} {{ mod -7 3 }} {{ div 7 -2 }} {{ mod 7 -3 }}
{{ add 9223372036854775807 1 }} {{ mul 9223372036854775807 2 }} {{ sub -9223372036854775807 10 }}
{{ max 1 5 3 }} {{ min 4 2 8 }} {{ biggest 1 2 }} {{ maxf 1.5 2.5 }} {{ minf 1.5 "0.5" }} {{ max "7" 3.9 }} {{ max 1 }} {{ maxf 1 2 }} {{ max -1 -5 }}
{{ ceil 1.2 }} {{ floor 1.8 }} {{ round 1.2345 2 }} {{ round 2.5 0 }} {{ round -2.5 0 }} {{ round 123.555555 3 0.6 }} {{ floor -1.5 }} {{ ceil -0.5 }} {{ ceil "3.1" }} {{ round 3 1 }} {{ floor 1e300 }} {{ round 1.005 2 }} {{ round -1.26 1 }}
{{ default "d" .EMPTY }} {{ default "d" .S }} {{ default "d" .MISSING }} {{ .MISSING | default "d" }} {{ default "d" }} {{ default 5 0 }} {{ default "d" .NO }} {{ default "d" .EL }} {{ .NIL | default .N }} {{ default "d" nil }}
{{ empty .EMPTY }} {{ empty .S }} {{ empty nil }} {{ empty 0 }} {{ empty .EM }} {{ empty 0.0 }} {{ empty false }} {{ empty .MISSING }} {{ empty now }}
{{ coalesce "" 0 nil "x" "y" }} {{ coalesce }} {{ coalesce "" 0 }} {{ all 1 "x" }} {{ all 1 "" }} {{ all }} {{ any "" 1 }} {{ any }} {{ any 0 nil }}
{{ compact (list 1 "" nil 0 "x" false) }} {{ ternary "a" "b" true }} {{ .NO | ternary "a" "b" }} {{ ternary 1 2 (eq 1 1) }}
{{ fromJson .JSON }} {{ (fromJson .JSON).a }} {{ index (fromJson .JSON).a 1 }} {{ fromJson "nope" }} {{ fromJson "5" }} {{ fromJson "\"x\"" }} {{ fromJson "[1,1e3,123456789]" }} {{ fromJson "null" }} {{ fromJson "{\"a\":1,\"a\":2}" }} {{ fromJson "NaN" }} {{ fromJson "" }} {{ fromJson "[1,]" }} {{ fromJson "01" }}
{{ toJson .M }} {{ toJson .MIXED }} {{ toJson "<a&b>\u2028\"\\\n\x01\x7f/é" }} {{ toJson nil }} {{ toJson 1.0 }} {{ toJson 1e21 }} {{ toJson 1e-7 }} {{ toJson 123456789.125 }} {{ toJson .EL }} {{ toJson .EM }} {{ toJson (rest (list)) }} {{ toJson (regexFindAll "z" "a" -1) }} {{ toJson (split "," "a,b") }} {{ toJson 0.000001 }} {{ toJson -0.0 }} {{ toJson 1e20 }} {{ toJson "\b\f\t\r" }}
{{ toPrettyJson .M }} {{ toPrettyJson .EL }} {{ toPrettyJson (list (list) (dict)) }} {{ toRawJson "<a&b>" }} {{ toPrettyJson (dict "a" "<") }} {{ mustToJson .L }} {{ mustFromJson "[1]" }} {{ mustToPrettyJson .L }} {{ mustToRawJson "<" }}
{{ list 1 "a" nil }} {{ tuple 1 2 }} {{ list }} {{ first .L }} {{ last .L }} {{ rest .L }} {{ initial .L }} {{ first .EL }} {{ rest .EL }} {{ last .EL }} {{ initial .EL }} {{ mustFirst .L }} {{ mustRest .L }} {{ mustLast .L }} {{ mustInitial .L }}
{{ append .L "d" }} {{ push .L 1 }} {{ prepend .L 0 }} {{ concat .L .LN (list nil) }} {{ concat }} {{ reverse .L }} {{ uniq (list 1 1 2 "1" 1.0 2) }} {{ without .L "a" "c" }} {{ has "a" .L }} {{ has "z" .L }} {{ has 1 nil }} {{ has 3 .LN }} {{ has (add 1 2) .LN }} {{ has 3.0 .LN }}
{{ chunk 2 .L }} {{ chunk 3 .L }} {{ chunk 5 (list 1 2 3 4 5 6) }} {{ mustSlice .L 1 2 }} {{ mustAppend .L 1 }} {{ mustPush .L 1 }} {{ mustPrepend .L 1 }} {{ mustUniq .L }} {{ mustReverse .L }} {{ mustWithout .L "a" }} {{ mustHas "a" .L }} {{ mustChunk 1 .L }} {{ mustCompact .L }} {{ chunk 2 .EL }}
{{ uniq (list .L .L) }} {{ has .L (list .L) }} {{ without (list 1 2 3) 2 }} {{ uniq (list nil nil) }} {{ has nil (list nil) }} {{ reverse (splitList "," "a,b") }} {{ has "a" (splitList "," "a,b") }}
{{ dict "a" 1 "b" 2 }} {{ dict "a" }} {{ dict }} {{ dict 1 2 }} {{ get .M "a" }}|{{ get .M "zz" }}| {{ hasKey .M "a" }} {{ hasKey .M "zz" }} {{ pluck "name" (index .PEOPLE 0) (index .PEOPLE 1) .M }} {{ keys .M | sortAlpha }} {{ pick .M "a" "zz" }} {{ omit .M "c" }} {{ values (dict "a" 1) }}
{{ dig "c" "d" "x" .M }} {{ dig "c" "zz" "x" .M }} {{ dig "zz" "y" "x" .M }} {{ dig "a" "x" .M }}
{{ $d := dict "a" 1 }}{{ $_ := set $d "b" 2 }}{{ $d }}{{ $_ := unset $d "a" }}{{ $d }} {{ set (dict) "x" 1 }}
{{ merge (dict "a" 1 "b" 1) (dict "b" 2) (dict "c" 3) }} {{ merge (dict "a" 1) }} {{ merge .EM .M }} {{ merge .MISSING (dict "a" 1) }} {{ get .MISSING "a" }}| {{ keys .MISSING }} {{ hasKey .MISSING "a" }}
{{ typeOf 1 }} {{ typeOf "x" }} {{ typeOf nil }} {{ typeOf .L }} {{ typeOf .M }} {{ typeOf 1.5 }} {{ typeOf (add 1) }} {{ typeOf (dict) }} {{ typeOf (split "," "") }} {{ typeOf now }} {{ typeOf (now.Month) }} {{ typeOf (index .S 0) }} {{ typeOf uuid }} {{ typeOf (list) }} {{ typeOf .MISSING }} {{ typeOf (toStrings .L) }} {{ typeOf (seq 1) }} {{ typeOf (fromJson "1") }} {{ typeOf (fromYaml "1") }} {{ typeOf (pluck "a") }} {{ typeOf (regexSplit "a" "b" 1) }} {{ typeOf (len .L) }} {{ typeOf 'a' }} {{ typeOf (ceil 1) }} {{ typeOf (atoi "1") }}
{{ kindOf 1 }} {{ kindOf "x" }} {{ kindOf nil }} {{ kindOf .L }} {{ kindOf .M }} {{ kindOf 1.5 }} {{ kindOf true }} {{ kindOf (add 1) }} {{ kindOf now }} {{ kindOf uuid }} {{ kindOf (index .S 0) }} {{ kindOf .MISSING }} {{ kindIs "int" .N }} {{ kindIs "map" .M }} {{ typeIs "string" .S }} {{ typeIsLike "int" 1 }} {{ kindOf now.Month }} {{ kindOf (split "" "") }}
{{ deepEqual .L (list "a" "b" "c") }} {{ deepEqual 1 (add 1 0) }} {{ deepEqual .M .M }} {{ deepEqual nil nil }} {{ deepEqual (list) (rest (list)) }} {{ deepEqual 1 1.0 }} {{ deepEqual (splitList "," "a") (list "a") }} {{ deepEqual .EL (list) }}
{{ spew .MIXED }}{{ spew (dict "a" (dict "b" .L)) "x" nil }}{{ spew 1.0 1e7 true .EL .EM "" }}{{ spew (add 1 2) (split "," "a") (splitList "," "a") }}{{ spew }}
{{ base "/a/b.txt" }} {{ base "/" }} {{ base "" }} {{ base "a/" }} {{ dir "/a/b.txt" }} {{ dir "a" }} {{ dir "" }} {{ dir "/" }} {{ dir "a/b/" }} {{ clean .PATH1 }} {{ clean "" }} {{ clean "//a//b" }} {{ clean "../a/.." }} {{ clean "/.." }} {{ clean "a/b/../../.." }} {{ ext .PATH1 }} {{ ext "a" }} {{ ext ".bashrc" }} {{ ext "a.b/c" }} {{ isAbs "/a" }} {{ isAbs "a" }} {{ base "//" }} {{ dir "//a" }} {{ clean "./a" }} {{ ext "a." }}
{{ osBase "/a/b" }} {{ osDir "/a/b" }} {{ osClean "a/../b" }} {{ osExt "x.y" }} {{ osIsAbs "x" }}
{{ joinPath "a" "b" "../c" }} {{ joinPath "" "a" }}|{{ joinPath }}|{{ joinPath "/" "a" }} {{ joinPath "" "" }}| {{ joinPath "a/" "/b" }} {{ joinEnv "a" "b" }} {{ joinEnv }} {{ relPath "/a/b" "/a/c/d" }} {{ relPath "/a" "/a" }} {{ relPath "a" "b" }} {{ relPath "." "a/b" }} {{ relPath "a/b" "." }} {{ relPath "/" "/a" }} {{ relPath "/a/b" "/" }} {{ absPath "/x/../y" }} {{ relPath "" "a" }}
{{ fromSlash "a/b" }} {{ toSlash "a\\b" }} {{ FromSlash "a/b" }} {{ ToSlash "a/b" }} {{ exeExt }}|{{ ExeExt }}| {{ IsSH }}
{{ catLines .LINES }} {{ splitLines .LINES }} {{ len (splitLines "") }} {{ catLines "a\n\nb\n" }}
{{ shellQuote .S }} {{ q "a b" }} {{ q "" }} {{ q "it's" }} {{ q "plain" }} {{ q "a$b" }} {{ q "a\nb" }} {{ q "it's $x \"y\" \\ `z`" }} {{ q "é" }} {{ q "a=b" }} {{ q "if" }} {{ q "elif" }} {{ q "~" }} {{ q "-x" }} {{ q "a,b" }} {{ q "a{b" }} {{ q "!" }} {{ q "a!b" }} {{ q "\x01\u200b'" }} {{ q "a:b/c@d%e+f" }} {{ q "]" }} {{ q "^" }}
{{ splitArgs "a 'b c' \"d e\" f\\ g" }} {{ len (splitArgs "") }} {{ splitArgs "--x=1 -y" }} {{ splitArgs "$GREETING" | len }} {{ splitArgs "\"$GREETING\"" | len }} {{ splitArgs "x{a,b}y" }} {{ splitArgs "''" | len }} {{ splitArgs "a # c" }} {{ splitArgs "~ ~/x a~" }} {{ splitArgs "a\nb" }} {{ splitArgs "{1..3} {a..c} {x}" }} {{ splitArgs "$NOPE a${GREETING}b" }} {{ splitArgs "$'a\\tb'" }} {{ splitArgs "a*b [x]" }} {{ splitArgs "$EMPTY_ONE" | len }} {{ splitArgs "\"$EMPTY_ONE\"" | len }}
{{ env "GREETING" }} {{ env "NOPE" }}| {{ expandenv "$GREETING ${GREETING}! $NOPE. $ $$ ${} ${a $1" }}
{{ b64enc .S }} {{ b64dec "SGVsbG8=" }} {{ b64dec "!" }} {{ b64dec "SGVsbG8" }} {{ b32enc .S }} {{ b32dec "JBSWY3DP" }} {{ b32dec "1" }} {{ b64enc .U }} {{ b64dec "SGVs\nbG8=" }} {{ b64dec "" }} {{ b64dec "SGVsbG8==" }} {{ b64dec "S===" }} {{ b64dec "SGVs=bG8" }} {{ b64dec "SG" }} {{ b32dec "JBSWY3D" }} {{ b32dec "JBSQ====" }} {{ b64dec "SGVsbG9=" }}
{{ sha1sum "x" }} {{ sha256sum .U }} {{ adler32sum "hello" }}
{{ regexMatch "^H.*d$" .S }} {{ regexMatch "[" .S }} {{ mustRegexMatch "o" .S }} {{ regexFind "[a-z]+" .S }} {{ regexFind "z+" .S }}| {{ mustRegexFind "l+" .S }} {{ regexFindAll "l" .S -1 }} {{ regexFindAll "l" .S 2 }} {{ regexFindAll "l" .S 0 }} {{ regexFindAll "x*" "axb" -1 | len }} {{ mustRegexFindAll "o" .S -1 }}
{{ regexReplaceAll "(\\w+), (\\w+)" .S "$2-$1" }} {{ regexReplaceAll "o" .S "0" }} {{ regexReplaceAll "(?P<a>l+)" .S "<${a}>" }} {{ regexReplaceAll "(l)" .S "$1x" }} {{ regexReplaceAll "(l)" .S "${1}x" }} {{ regexReplaceAll "(l)" .S "$$1" }} {{ regexReplaceAll "x*" "abc" "-" }} {{ regexReplaceAll "a*" "baac" "-" }} {{ regexReplaceAllLiteral "o" .S "$1" }} {{ mustRegexReplaceAll "o" .S "0" }} {{ mustRegexReplaceAllLiteral "o" .S "$0" }} {{ regexReplaceAll "(a)(b)?" "ac" "[$1|$2|$3|$0]" }} {{ regexReplaceAll "b" "abc" "${" }} {{ regexReplaceAll "b" "abc" "$" }}
{{ regexSplit "," .CSV -1 }} {{ regexSplit "," .CSV 2 }} {{ regexSplit "," .CSV 0 }} {{ regexSplit "x*" "axbxc" 5 }} {{ regexSplit "" "abc" -1 }} {{ regexSplit "a" "" -1 | len }} {{ mustRegexSplit "[,]" .CSV -1 }} {{ regexSplit "z" "abc" -1 }} {{ regexSplit "x+" "xaxbx" -1 | len }} {{ regexSplit "," "a,b,c" 1 }}
{{ regexQuoteMeta "a.b*c[d]$^{}()|?+\\-#" }} {{ regexFind "(?i)HELLO" .S }} {{ regexFind "(?s)a.b" "a\nb" }}|{{ regexFind "a.b" "a\nb" }}| {{ regexFind "(?m)^b$" "a\nb\nc" }} {{ regexMatch "b$" "b\n" }} {{ regexMatch "b\\z" "b" }} {{ regexFind "\\d+" "a\u06612" }} {{ regexFind "\\w+" "éa" }} {{ regexFind "[[:alpha:]]+" "12ab3" }} {{ regexFind "[^[:digit:]]+" "12ab3" }} {{ regexFind "a{2,3}" "aaaa" }} {{ regexFind "a{,3}" "a{,3}" }} {{ regexFind "(?U)a+" "aaa" }} {{ regexFind "a+?" "aaa" }} {{ regexFind "\\Qa.b\\E+" "a.bbb" }} {{ regexFind "\\x{41}\\x42" "AB" }} {{ regexFind "a(?i)B" "ab" }} {{ regexFind "(?i:A)b" "ab" }} {{ regexFind "\\pL+" "1é2" }} {{ regexFind "\\p{Lu}+" "aBC" }} {{ regexFind "[\\w-]+" "a-b c" }} {{ regexFind "[]a]+" "]a" }} {{ regexFind "x|xy" "xy" }} {{ regexFind "\\bb\\w*" "a bc" }} {{ regexFind "a\\.b" "a.b" }} {{ regexFind "[a\\]b]+" "]ab" }} {{ regexFind "(?<n>a)" "a" }} {{ regexMatch "(a)\\1" "aa" }} {{ regexMatch "(?=a)" "a" }} {{ regexMatch "a**" "a" }} {{ regexFind "\\S+" "  ab c" }} {{ regexFind "[^\\s]+" " é b" }} {{ regexFind "\\D+" "1ab" }} {{ regexFind "^.*$" "a\nb" }}| {{ regexFind "v(\\d+)\\.(\\d+)" "rel v1.22-x" }}
{{ urlParse .URL }} {{ urlParse "/p/q?x#y" }} {{ urlParse "mailto:a@b.c" }} {{ urlParse "//h/p" }} {{ urlParse "" }} {{ (urlParse .URL).host }} {{ urlParse "HTTP://[::1]:80/x" }} {{ urlParse "a/b:c" }} {{ urlParse "http://h?q" }}
{{ urlJoin (urlParse .URL) }} {{ urlJoin (dict "scheme" "https" "host" "h" "path" "p q" "query" "x=1" "fragment" "f g") }} {{ urlJoin (dict "host" "h:1" "userinfo" "u:p") }} {{ urlJoin (dict) }} {{ urlJoin (dict "path" "/a") }} {{ urlJoin (dict "scheme" "x" "opaque" "y") }} {{ urlJoin (urlParse "mailto:a@b.c") }} {{ urlJoin (dict "path" "a:b") }}
{{ joinUrl "http://h" "a" "b" }} {{ joinUrl "http://h/" "/a/" }} {{ joinUrl "http://h/x" "../y" }} {{ joinUrl "h" "a" }} {{ joinUrl }}| {{ joinUrl "/a" "b" }} {{ joinUrl "http://h/a?q=1" "b" }} {{ joinUrl "http://h/a%20b" "c d" }} {{ joinUrl "http://h" }} {{ joinUrl "http://h" "" }} {{ joinUrl "" "a" }} {{ joinUrl "http://h/" }} {{ joinUrl "http://h/a/" }} {{ joinUrl "http://u@h" "a" "b/" }}
{{ fromYaml .YAML }} {{ (fromYaml .YAML).b }} {{ fromYaml "a: [" }} {{ fromYaml "" }} {{ fromYaml "1.50" }} {{ fromYaml "yes" }} {{ fromYaml "'5'" }} {{ fromYaml "a: &x 1\nb: *x" }} {{ fromYaml "<<: {a: 1}\nb: 2" }} {{ fromYaml "{1: a, b: 2}" }} {{ fromYaml "[1_000, +5, -3, .5, 1., ~, 0o14, 0b11, 1:30, !!str 5]" }} {{ mustFromYaml "x" }} {{ fromYaml "[.inf, -.Inf, .NaN]" }} {{ fromYaml "a: 1\na: 2" }} {{ fromYaml "2024-01-02 03:04:05" }} {{ fromYaml "2001-12-14t21:59:43.10-05:00" }} {{ typeOf (fromYaml "{1: 2}") }} {{ fromYaml "- a\n- b: c" }} {{ fromYaml "on" }} {{ typeOf (fromYaml "[]") }}
{{ toYaml .M }}{{ toYaml .MIXED }}{{ toYaml "x" }}{{ toYaml nil }}{{ toYaml .EL }}{{ toYaml .EM }}{{ toYaml 1.0 }}{{ toYaml 1e6 }}{{ toYaml 1e21 }}{{ toYaml true }}{{ toYaml (splitList "," "a,b") }}{{ toYaml (list (list 1 2) (list)) }}{{ toYaml 12 }}
{{ toYaml (list "true" "yes" "1" "1.5" "~" "" " a" "a " "a: b" "a:" "-" "- a" "#a" "a #b" "a#b" "@a" "*a" "&a" "!a" "%a" "it's" "\"q\"" "a\tb" "é" "😀" "2024-01-02" "0x1F" "1e3" "null" "a,b" "[a" "{a" "a]" "?" "? a" "?a" ":a" "---" "--- a" "..." "=" "<<" "y" "N" "off" "1:30" "0o7" "+1" ".5" "." "1_000" "_1" "a\\b" "\u0085" "\u00a0" "\x00" "\x7f" "Null" "NULL" "tRue" "-a" "|" "> x" "`a" "'a" "1.2.3" "v1" "12e03" "-.inf" ".nan" "0b1" "08" "a: " "a:b") }}
{{ toYaml (dict "a" "x\ny" "b" "x\ny\n" "c" "x\n\n" "d" " x\ny" "e" "\n" "f" "x \ny" "g" "x\n y" "h" "\nx" "i" "a\tb\nc" "j" "x\n\ny" "k" "é\n😀" "l" "x\ny ") }}
{{ toYaml (list "x\ny" (dict "a" "x\ny" "b" (list "p\nq" (dict "c" "d\ne" "f" (dict "g" (list 1 (dict "h" 2))))))) }}{{ toYaml "x\ny" }}{{ toYaml "x\n" }}
{{ toYaml (dict "a10" 1 "a2" 2 "b" 3 "A" 4 "a" 5 "10" 6 "9" 7 "a-b" 8 "a_b" 9 "ab" 10 "a1b" 11 "a01" 12 "é" 13 "true" 14 "x y" 15 "x: y" 16 "" 17) }}
{{ toYaml (fromYaml .YAML) }}{{ mustToYaml .L }}{{ toYaml (dict "a" (dict) "b" (list) "c" nil "d" (dict "e" (dict "f" 1))) }}{{ toYaml (fromYaml "{1: a, b: 2, 2.5: x}") }}{{ toYaml (list (list (list 1 2) 3) (dict "a" (list (list 1)))) }}
{{ dateInZone "2006-01-02 15:04:05" 0 "UTC" }} {{ date "2006-01-02T15:04:05Z07:00" 86400 }} {{ htmlDate 0 }} {{ htmlDateInZone 1700000000 "UTC" }} {{ dateInZone "Mon Jan _2 15:04:05 MST 2006" 1700000000 "America/New_York" }} {{ dateInZone "2006" 0 "Nowhere/Town" }} {{ date_in_zone "15:04" 3600 "Asia/Kolkata" }} {{ date "15:04 MST -0700" 1720000000 }} {{ date "15:04 MST -0700" 1700000000 }}
{{ $t := toDate "2006-01-02 15:04:05" "2023-11-14 22:13:20" }}{{ $t }} {{ $t | date "Monday, January 2 2006 3:04PM" }} {{ unixEpoch $t }} {{ $t.Unix }} {{ $t.Year }} {{ $t.Month }} {{ $t.Day }} {{ $t.Weekday }} {{ $t.YearDay }} {{ $t.Hour }} {{ $t.Minute }} {{ $t.Second }} {{ $t.Format "06-1-2 pm 03 3 4 5 .000 002 __2 Jan" }} {{ $t.UTC }} {{ $t.UnixMilli }} {{ printf "%d" $t.Month }} {{ $t.AddDate 0 1 -3 }} {{ $t.IsZero }} {{ ($t.Month).String }} {{ toJson $t }} {{ toYaml $t }} {{ list $t }} {{ printf "%s" $t }} {{ quote $t }}
{{ dateModify "-1.5h" (toDate "2006-01-02" "2024-02-29") }} {{ date_modify "90m" (toDate "2006-01-02" "2024-02-29") }} {{ dateModify "nope" (toDate "2006-01-02" "2024-02-29") }} {{ mustDateModify "24h" (toDate "2006-01-02" "2024-03-30") }} {{ must_date_modify "36h" (toDate "2006-01-02" "2024-03-30") }} {{ toDate "2006-01-02" "garbage" }} {{ toDate "2006-01-02" "2023-02-30" }} {{ mustToDate "Jan 2, 2006 at 3:04pm (MST)" "Feb 3, 2013 at 7:54pm (CET)" }} {{ toDate "2006-01-02T15:04:05Z07:00" "2024-05-06T07:08:09+05:30" }} {{ toDate "2006-01-02T15:04:05Z07:00" "2024-05-06T07:08:09.123456Z" }} {{ toDate "2006-01-02T15:04:05-0700" "2024-05-06T07:08:09+0200" }} {{ toDate "2 January 06" "9 March 99" }} {{ toDate "2006-002" "2024-060" }} {{ toDate "15:04" "12:30" }} {{ toDate "2006-01-02 MST" "2024-01-02 EST" }} {{ toDate "2006-01-02 MST" "2024-01-02 UTC" }} {{ toDate "Mon 2006-01-02" "Tue 2024-01-02" }} {{ toDate "2006-01-02 03 PM" "2024-01-02 11 PM" }} {{ toDate "2006-01-02 15:04" "2024-07-01 12:00" }}
{{ duration "95" }} {{ duration 95 }} {{ duration (add 3661) }} {{ duration "x" }} {{ durationRound "2h10m5s" }} {{ durationRound "2400h10m5s" }} {{ durationRound "36h" }} {{ durationRound "90s" }} {{ durationRound "1500ms" }} {{ durationRound "100ms" }} {{ durationRound "x" }} {{ durationRound "9000h" }} {{ durationRound "-5m" }} {{ durationRound (mul 1000000000 90) }} {{ duration "0" }} {{ duration "-90" }} {{ duration "86400" }}
{{ dateInZone "2006-01-02 15:04:05.000000000 .999 ,000 Z0700 -07 -07:00:00 Jan2 Month" 1700000001 "UTC" }} {{ dateInZone "Janet Mond 20060102150405 1/2/06 _2 2006_01" 1700000001 "UTC" }} {{ dateInZone "January" -1 "UTC" }} {{ dateInZone "2006-01-02" -99999999999 "UTC" }}
{{ kindOf (ago now) }} {{ len uuid.String }} {{ lt (randInt 1 5) 5 }} {{ ge (randIntN 3) 0 }} {{ randInt 3 4 }} {{ len (uuid | toString) }} {{ gt numCPU 0 }} {{ OS }} {{ ARCH }}
{{ .S | trimPrefix "Hello" | trim | lower }} {{ .L | join "," | quote }} {{ .MISSING | default .S | upper }} {{ .LINES | splitLines | join "|" }} {{ $x := .L | join "-" }}{{ $x }} {{ "a,b" | splitList "," | last }}
{{if eq OS "linux"}}lin{{else}}other{{end}}{{- " x" -}}   {{"y"}}
{{range $i, $p := .PEOPLE}}{{if $i}}, {{end}}{{$p.name | lower}}{{end}}
{{- range $k, $v := dict "one" 1 "two" 2 }}
{{ $k }}: {{ $v }}
{{- end }}
{{ with index .PEOPLE 1 }}{{ .name }} is {{ .age }}{{ end }} {{ (first .PEOPLE).name }} {{ .PEOPLE | last | toJson }}
{{ "quoted }} inside" }} {{ `raw }} {{ inside` }} {{ "{{" }}
{{"a"}}{{""}}{{"b"}} } }} { {
{{.S|upper}} {{ .S|  lower |upper  }} {{(.S)}} {{ (.M).c.d }} {{ ((.M).c).e }}
<no value> {{ "<no value>" }} {{ print "<no" " value>" }}
{{ (fromJson .JSON).b.c | html }} {{ index (fromJson "[[1,2],[3]]") 0 1 }} {{ len (fromJson .JSON) }} {{ eq (index (fromJson "[1]") 0) 1.0 }}
{{ $a, $b := 1 }}
{{ range $i, $e := (list) }}x{{ else }}{{ "none" }}{{ end }} {{ range $x := 2 }}{{ $x }}{{ typeOf $x }}{{ end }} {{ range (int64 2) }}{{ typeOf . }}{{ end }}
{{ range $k, $v := fromYaml "{2: b, 1: a, 10: c}" }}{{ $k }}{{ $v }} {{ end }} {{ fromYaml "{2: b, 1: a, 10: c}" }} {{ toJson (fromYaml "{2: b}") }}|
{{ print 1.0 2.5 }} {{ print true false }} {{ print .L .M }} {{ print "a" 1 2 "b" }} {{ print nil }} {{ println "x" 1.5 }}
{{ int (toString 7) | add 1 }} {{ add .N .F "3" }} {{ printf "%d items" (len .L) }} {{ printf "%.1f%%" 99.55 }} {{ printf "%s" (list 1 2) }} {{ printf "%v" (dict "a" nil) }} {{ printf "%08b" 37 }} {{ printf "%x" -1 }} {{ printf "%+q" "\u00e9" }} {{ printf "%6.3v|" 3.14159 }} {{ printf "%v" 'x' }} {{ printf "%3c|%-3c|" 'x' 'y' }} {{ printf "%t" 1 }} {{ printf "%s %s" "only" }} {{ printf "%-10s|" "é" }} {{ printf "%+d %+d" 5 -5 }} {{ printf "% d" 7 }} {{ printf "%x %X" "hello" "hello" }} {{ printf "%e" 0.0 }} {{ printf "%g" 100000.0 }} {{ printf "%G" 1e-10 }} {{ printf "%#x" "hi" }} {{ printf "%# x" "hi" }} {{ printf "%5t|%-7t|" true false }} {{ printf "%U" 65 }} {{ printf "%#v" 'a' }} {{ printf "%v" 1e100 }} {{ printf "%.3v" "abcdef" }} {{ printf "%010.3f" -3.14159 }} {{ printf "%+.2e" 12345.678 }} {{ printf "%b" 0.5 }}
"""


def cases() -> list[str]:
    """One expression a line; a line that ends in a trim marker's range goes on to its end."""
    found: list[str] = []
    for line in CASES.strip("\n").split("\n"):
        starts_inside = found and found[-1].count("{{- range $k") > found[-1].count("{{- end }}")
        if starts_inside:
            found[-1] += "\n" + line
        else:
            found.append(line)
    return found


def pieces() -> list[str]:
    """The cases, and each action of a case that is a row of actions, by itself."""
    found: dict[str, None] = {}
    for case in cases():
        parts = [part.strip() for part in case.split("}} {{")]
        independent = len(parts) > 1 and not any(
            word in case for word in ("$", "{{ if", "{{ end", "{{ range", "{{/*", "-}}", "{{-", "`")
        )
        if independent:
            last = len(parts) - 1
            for place, part in enumerate(parts):
                found[("{{" if place else "") + part + ("}}" if place < last else "")] = None
        else:
            found[case] = None
    return list(found)


class LocalMachine(Machine):
    os = "linux"
    environ = ENVIRON

    def __init__(self, cwd: str) -> None:
        self.cwd = cwd
        self.arch = {"x86_64": "amd64", "aarch64": "arm64"}.get(os.uname().machine, os.uname().machine)

    def now(self) -> float:
        return 1_700_000_000.25

    def random(self) -> random.Random:
        return random.Random(1)

    def _at(self, unix_seconds: float) -> datetime:
        return datetime.fromtimestamp(unix_seconds, timezone.utc).astimezone(zoneinfo.ZoneInfo(ZONE))

    def local_offset(self, unix_seconds: float) -> int:
        offset = self._at(unix_seconds).utcoffset()
        assert offset is not None
        return int(offset.total_seconds())

    def local_name(self, unix_seconds: float) -> str:
        return self._at(unix_seconds).tzname() or ""


def run_task(folder: str, taskfile: object, *arguments: str) -> subprocess.CompletedProcess[str]:
    path = os.path.join(folder, "Taskfile.yml")
    with open(path, "w", encoding="utf-8") as file:
        # To YAML, U+2028 ends a line.
        file.write(json.dumps(taskfile, ensure_ascii=False).replace("\u2028", "\\u2028"))
    assert TASK is not None
    environment = {"PATH": os.environ.get("PATH", ""), **ENVIRON}
    command = [TASK, "--taskfile", path, *arguments]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", env=environment, check=False, cwd=folder)


def expected_texts(folder: str, expressions: list[str]) -> dict[str, bytes]:
    """What the real `task` makes of each."""
    texts = {f"E{place}": expression for place, expression in enumerate(expressions)}
    lines = "\n".join(f"@{name} {{{{.{name} | toString | b64enc}}}}" for name in texts)
    taskfile = with_data(texts, [f"cat <<'END_OF_TEXTS'\n{lines}\nEND_OF_TEXTS\n"])
    done = run_task(folder, taskfile)
    assert done.returncode == 0, done.stderr
    found: dict[str, bytes] = {}
    for line in done.stdout.splitlines():
        name, _, encoded = line.removeprefix("@").partition(" ")
        found[texts[name]] = base64.b64decode(encoded)
    return found


# Expressions that `task` refuses, and a part of our message for them.
REFUSED = {
    "{{ and }}": "wrong number of arguments",
    "{{ $a, $b := 1 }}": "too many declarations",
    "{{ eq 1 true }}": "incompatible types",
    "{{ eq .N .F }}": "incompatible types",
    "{{ lt true false }}": "invalid type for comparison",
    "{{ index .L 5 }}": "out of range",
    "{{ .S.X }}": "can't evaluate field",
    "{{ .NIL.X }}": "nil has no field",
    "{{ upper .N }}": "expected string; got int",
    "{{ .MISSING | trim }}": "invalid value; expected string",
    "{{ until (add 1 2) }}": "expected int; got int64",
    "{{ div 1 0 }}": "divide by zero",
    "{{ nope }}": "function `nope` is not defined",
    "{{ if .S }}": "not closed",
    "{{ break }}": "outside {{range}}",
    '{{ "abc }}': "unterminated quoted string",
    "{{ $x }}": "undefined variable",
    '{{ template "zz" }}': "template `zz` is not defined",
    '{{ fail "oops" }}': "oops",
    '{{ regexFind "(?=a)" "a" }}': "error parsing regexp",
    '{{ set .MISSING "a" 1 }}': "nil map",
    "{{ range .S }}{{ end }}": "range can't iterate",
    "{{ .S-1 }}": "bad character",
    "{{ getHostByName `no.such.host.invalid` }}": "needs the network",
}


def with_data(expressions: dict[str, str], commands: list[str]) -> dict[str, object]:
    """A Taskfile with the data and the expressions as variables of its one task."""
    variables = {name: {"map": value} if isinstance(value, dict) else value for name, value in DATA.items()}
    return {"version": "3", "silent": True, "tasks": {"default": {"vars": {**variables, **expressions}, "cmds": commands}}}


def rendered(expression: str, machine: Machine) -> bytes | str:
    try:
        return render(expression, DATA, machine).encode("utf-8", "surrogateescape")
    except TemplateError as error:
        return f"TemplateError: {error}"


@pytest.mark.slow
def test_every_expression_gives_what_task_gives(tmp_path):
    expressions = [piece for piece in pieces() if piece not in REFUSED]
    expected = expected_texts(str(tmp_path), expressions)
    assert len(expected) == len(expressions) > 800
    machine = LocalMachine(str(tmp_path))
    got = {expression: rendered(expression, machine) for expression in expressions}
    assert {text: value for text, value in got.items() if value != expected[text]} == {}


@pytest.mark.parametrize(("expression", "message"), REFUSED.items())
def test_what_task_refuses_is_refused(tmp_path, expression, message):
    done = run_task(str(tmp_path), with_data({"E": expression}, ["true"]))
    assert done.returncode != 0
    with pytest.raises(TemplateError) as caught:
        render(expression, DATA, LocalMachine(str(tmp_path)))
    assert message in caught.value.message
