"""What the configurations in a Node package have tools write: results and caches beyond its folder (`outDir: "../server/static"`), and
repairs (stylelint's `fix`).

They are programs mostly, and looked at as text: settings of names that tools give to outputs, and the pieces of text in their values
that climb out of a folder. What is put together when they run is not found. Knows which tool reads which file by their names only.
"""

from __future__ import annotations

import posixpath
import re
from collections import Counter

from paratask.claims.model import Access
from paratask.claims.overlap import escape
from paratask.frozen import replace
from paratask.languages.inferred import claim, read_below, write_below
from paratask.languages.kept_caches import marked
from paratask.languages.options import Role, is_within, resolve_path
from paratask.languages.remembered import remembered
from paratask.languages.sources_beyond import mentioned_beyond, named_beyond
from paratask.languages.tool_claims import operand_paths
from paratask.languages.tool_table import Mode
from paratask.languages.workspaces import folders_above

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from paratask.claims.model import Claim
    from paratask.languages.tool_calls import Call
    from paratask.plugins.hookspecs import Place

_WRITING = frozenset({Mode.BUILD, Mode.SERVE})
_FILE = re.compile(r"([\w-]+)(?:\.[\w-]+)*\.(?:config|conf|workspace)\.(?:[cm]?[jt]sx?|json)")
_OTHER_FILES: Mapping[str, tuple[str, ...]] = {
    "package.json": ("jest", "ava", "nyc", "c8", "parcel"),
    "typedoc.json": ("typedoc",),
    **dict.fromkeys((".nycrc", ".nycrc.json", ".nycrc.yml", ".nycrc.yaml", ".c8rc", ".c8rc.json"), ("nyc", "c8")),
    **dict.fromkeys(("angular.json", "project.json", "ng-package.json", ".swcrc"), ()),
    **dict.fromkeys(("codegen.ts", "codegen.js", "codegen.yml", "codegen.yaml"), ("graphql-codegen",)),
    "openapitools.json": (),
}
"""Files of other names, and the tools of the table that read them; those of tools that are not in it count for scripts."""
_GENERATES = "codegen."
"""What names each of its results where others name a setting."""
_SPREADING = r"""hooks|near-operation-file(?=[\s\S]*\.\.)|\.\.[\s\S]*near-operation-file|\[[^\]"'\n]+\]\s*:"""
"""What has it start programs, put results beside documents of another folder, or work out where they go (`[path]: {}`)."""
_FILES_OF = {"unbuild": "build"}
"""How the configurations of programs are called that do not bear their names."""
_WITH_VITE = frozenset(
    {"vite", "vitest", "vitepress", "svelte", "svelte-kit", "astro", "nuxt", "storybook", "vite-plugin", "remix"}
)
"""Tools that are built upon vite, and read its configuration besides their own."""
_SETTING = (
    r"""(?<![\w$.-])["']?(out(?:put)?(?:Dir|Directory|Path|File|Folder|Root)?|outdir|outfile|dist(?:Dir|Path)?|dest(?:ination)?|target|dir|file|path|"""
    r"""cache(?:Dir|Directory|Location)|coverageDirectory|reports?(?:Dir|Directory|Path)|tempDirectory|temp-dir|report-dir|"""
    r"""outputName|filename|indexPath|snapshotDir|screenshotsFolder|videosFolder|downloadsFolder)["']?\s*:\s*"""
)
"""Compiled when a configuration asks for it, as the others below: that takes longer than to read most of those."""
_OF_BUILDS = frozenset(
    {"out", "outDir", "outdir", "outfile", "dist", "distDir", "distPath", "dest", "destination", "file", "path", "target"}
)
"""Those of them that say where a build goes, which who only runs tests leaves alone."""
_OF_TESTS = (
    r"""(?<![\w$.-])["']?(?:coverageDirectory|reports?(?:-d|D)ir(?:ectory)?|temp(?:-d|D)ir(?:ectory)?|cache(?:Dir|Directory)|"""
    r"""output(?:Dir|Directory|File|Folder|Path)?|mochaFile)(?:["']?\s*:\s*(?=["'`\{]|\w*(?:join|resolve)\(|path\.)|(:\s+(?=[\w./])|=))"""
)
"""The same of tests, which leave what others look at alone but for what is named here."""
_OWN_ROOT = "<rootDir>/"
_MOCHA = ".mocharc."
_NAMING_FILE = ("-c", "--config", "-C", "--config-file", "--configure", "--options")
_MARKDOWN = ".markdownlint-cli2"
_STYLES = (".stylelintrc", "stylelint.config.")
_TURNED_ON = r"""(?<![\w$.-])["']?{}["']?\s*:\s*(?:true|yes|on)\b"""
_KEPT = ("cache", "coverage", "report", "temp")
_SHARED = frozenset({("jest", "cacheDirectory")})
"""Caches that several calls fill side by side."""
_PROGRAMS = frozenset({".js", ".mjs", ".cjs"})
_BESIDE = ".{map,LEGAL.txt,LICENSE.txt}"
_STYLES_OR_TYPES = "{css,css.map,d.ts,d.ts.map}"
_ROOT = r"""(?<![\w$.-])root\s*:\s*["'`]([^"'`]+)["'`]"""
_PIECE = r"""["'`]([^"'`\n]{1,256})["'`]"""
_RESULT = r"""["']?((?:\./)?\.\./[^\s"':*{]+)["']?\s*:"""
_FIXED_FOLDER = ("__dirname", "dirname", "import.meta", "process.cwd", "resolve(", "URL(")
_JOINING = ("resolve(", "join(")
_PAGES = r"""(?<![\w$.-])srcDir\s*:\s*["'`](\.\.[^"'`]*)["'`]"""
_LOADING = r"""\brequire\([^()]*\)"""
_CLIENTS = ("schema.prisma", "prisma/schema.prisma")
_CLIENT = r"""^\s*output\s*=\s*"([^"\n]+)\""""
_OWN_FOLDER = "#{cwd}/"
"""How openapi-generator's settings name the folder that it is called in."""
_GIVEN_NAME = r"""\b(?:const|let|var)\s+{}\s*(?::[^=]*)?=\s*"""
_CHOOSING = ("?", "||")
_LONGEST = 400


def output_claims(call: Call) -> tuple[Claim, ...]:
    """What the call writes beyond its package because a configuration says so."""
    if call.tool.mode not in _WRITING:
        return ()
    program, place = call.key.partition(" ")[0], call.place
    folders = dict.fromkeys((call.workspace, call.cwd))
    found = [(folder, output) for folder in folders for output in _of_package(folder, program, place)]
    given = [option.value for option in call.parsed.named(*_NAMING_FILE)]
    given.extend(call.parsed.operands if call.key == "rollup" else ())
    for file in (path for word in given if word and (path := resolve_path(word, call.cwd))):
        found.extend((call.cwd, output) for output in _of_file(file, call.cwd, place))
    found.extend(_of_sites(call))
    beyond = [output for folder, output in found if not is_within(output[1], folder)]
    written = [output for output in dict.fromkeys(beyond) if not (call.tool.tests and output[0] in _OF_BUILDS)]
    results = [path for setting, path in written if setting in _OF_BUILDS]
    results.extend(path for option in call.parsed.all(Role.WRITES) if (path := resolve_path(option.value, call.cwd)))
    beside = (entry for path in results if not is_within(path, call.workspace) for entry in _beside(path, call))
    return (
        *(_claim(*output, call) for output in written),
        *beside,
        *_pages_around(call),
    )


def configurations_of_tests(call: Call) -> tuple[str, ...]:
    """The files that may configure the tests of a call: in their package, and where an option names one."""
    folder = call.workspace
    names = [name for name in call.place.listdir(folder) if _is_read(name, call.program) or name.startswith(_MOCHA)]
    named = [option.value for option in call.parsed.named(*_NAMING_FILE)]
    given = [path for word in named if word and (path := resolve_path(word, call.cwd))]
    return (*(posixpath.join(folder, name) for name in names), *given)


def results_of_tests(call: Call) -> Iterator[tuple[str, Claim]]:
    """What configurations have tests write in their own package, and what they have those write who measure them; each with its path."""
    folder, place = call.workspace, call.place
    texts = [place.read_text(file) or "" for file in configurations_of_tests(call)]
    for piece in dict.fromkeys(piece for text in texts for piece in _named_results(text)):
        path = posixpath.normpath(posixpath.join(folder, _fixed(piece)))
        if path != folder and is_within(path, folder if call.tool.tests else place.root):
            yield path, write_below(path, place, f"the configuration of `{call.key}` names it")


def _named_results(text: str) -> Iterator[str]:
    for setting in re.finditer(_OF_TESTS, text):
        rest = text[setting.end() : setting.end() + _LONGEST]
        value = rest.partition("}")[0] if rest.startswith("{") else _value(rest)
        pieces = [piece.removeprefix(_OWN_ROOT) for piece in re.findall(_PIECE + r"(?!\s*:)", value)]
        if any(word in value for word in _JOINING):
            yield "/".join(pieces)
        elif setting[1]:
            word = re.split(r"[\s\"',]", rest, maxsplit=1)[0]
            yield from (word,) if setting[1] == "=" or "/" in word else ()
        else:
            yield from pieces


def _of_sites(call: Call) -> Iterator[tuple[str, tuple[str, str]]]:
    """The outputs that VitePress's configuration names, which lies in a folder of the site's and sees paths from the site."""
    for site, path in _site_files(call):
        yield from ((site, output) for output in _of_file(path, site, call.place))


def _site_files(call: Call) -> Iterator[tuple[str, str]]:
    sites = [path for word in call.parsed.operands or (".",) if (path := resolve_path(word, call.cwd))]
    for site in sites if call.program == "vitepress" else ():
        folder = f"{site}/.vitepress"
        yield from ((site, f"{folder}/{name}") for name in call.place.listdir(folder) if name.startswith("config."))


def _pages_around(call: Call) -> Iterator[Claim]:
    """The pages of a site whose folder of pages is one around it (`srcDir: ".."`), which no package's configuration is taken to read."""
    for site, path in _site_files(call):
        for word in re.findall(_PAGES, call.place.read_text(path) or ""):
            pages = posixpath.normpath(posixpath.join(site, word))
            if is_within(site, pages) and is_within(pages, call.place.root):
                yield read_below(pages, call.place, f"the configuration of `{call.key}` has its pages there")


def _beside(path: str, call: Call) -> Iterator[Claim]:
    """What bundlers and compilers put beside a program or a style sheet that they make: its map, its styles, its types, its licences."""
    folder, name = posixpath.split(path)
    stem, kind = posixpath.splitext(name)
    if kind in _PROGRAMS:
        names = f"/{{{escape(name)}{_BESIDE},{escape(stem)}.{_STYLES_OR_TYPES}}}"
    elif kind == ".css":
        names = f"/{escape(name)}.map"
    else:
        return
    yield claim(Access.WRITE, call.place.pattern(folder, names), f"`{call.key}` puts maps and styles beside what it makes")


def told_to_write(call: Call) -> bool:
    """Whether settings of markdownlint-cli2, here or above, may have it repair documents or write reports; some of them are programs."""
    folders = dict.fromkeys((call.cwd, *folders_above(call.cwd, call.place)))
    paths = [f"{folder}/{name}" for folder in folders for name in call.place.listdir(folder) if name.startswith(_MARKDOWN)]
    paths.extend(path for option in call.parsed.named("--config") if (path := resolve_path(option.value, call.cwd)))
    texts = [call.place.read_text(path) or "" for path in paths]
    return any(word in text for text in texts for word in ("fix", "outputFormatters", "require("))


def names_its_results(call: Call) -> bool:
    """Whether graphql-codegen has a configuration of the usual name, which says in plain words where results are put, and starts nothing."""
    given = [option.value for option in call.parsed.named("-c", "--config")]
    names = given or [name for name in call.place.listdir(call.cwd) if name.startswith(_GENERATES)]
    paths = [resolve_path(name, call.cwd) for name in names]
    texts = [
        call.place.read_text(path) or "hooks" for path in paths if path and posixpath.basename(path).startswith(_GENERATES)
    ]
    return bool(texts) and len(texts) == len(paths) and not any(re.search(_SPREADING, text) for text in texts)


def as_settings_say(call: Call) -> Call:
    """The call with what stylelint's settings change of it: that it repairs what it finds (`fix`), and that it keeps a cache (`cache`)."""
    if call.key != "stylelint":
        return call
    text = "\n".join(_settings_of_styles(call))
    tool = call.tool
    if re.search(_TURNED_ON.format("fix"), text):
        tool = replace(tool, mode=Mode.EDIT)
    if re.search(_TURNED_ON.format("cache"), text):
        tool = replace(tool, options={role: names for role, names in tool.options.items() if role is not Role.CACHES})
    return replace(call, tool=tool)


def _settings_of_styles(call: Call) -> Iterator[str]:
    """The texts of stylelint's settings: in the folders that it goes up, and where an option names a file."""
    place = call.place
    folders = dict.fromkeys(
        above for start in (call.cwd, *(operand_paths(call) or ())) for above in folders_above(start, place)
    )
    for path in (f"{folder}/{name}" for folder in folders for name in place.listdir(folder) if name.startswith(_STYLES)):
        yield place.read_text(path) or ""
    for text in (place.read_text(f"{folder}/package.json") or "" for folder in folders):
        if '"stylelint"' in text:
            yield text
    for option in call.parsed.named("--config", "-c"):
        given = resolve_path(option.value, call.cwd)
        yield (place.read_text(given) if given else None) or ""


def sources_of_styles(call: Call) -> tuple[Claim, ...]:
    """What a style sheet for tailwind names beyond its package: other sheets, and the pages that it is made for (`@source`)."""
    files = [path for option in call.parsed.named("-i", "--input") if (path := resolve_path(option.value, call.cwd))]
    paths = dict.fromkeys(each for path in files for each in named_beyond(path, call.workspace, call.place))
    return tuple(read_below(path, call.place, f"the style sheet of `{call.key}` names it") for path in paths)


def _claim(setting: str, path: str, call: Call) -> Claim:
    reason = f"the configuration of `{call.key}` names it"
    return (marked if (call.key, setting) in _SHARED else write_below)(path, call.place, reason)


def outputs_of_package(folder: str, place: Place) -> tuple[str, ...]:
    """All that any configuration in a package has put beyond its folder, whichever tool reads it."""
    return tuple(dict.fromkeys(path for _, path in _of_package(folder, "", place) if not is_within(path, folder)))


@remembered(4_096)
def only_written(folder: str, place: Place) -> frozenset[str]:
    """Those of them that configurations name for nothing else, so that the package itself does not read them."""
    files = [posixpath.join(folder, name) for name in place.listdir(folder) if _is_read(name, "")]
    outputs = Counter(path for file in files for _, path in _of_file(file, folder, place))
    mentions = Counter(path for file in files for path in mentioned_beyond(file, folder, place))
    return frozenset(path for path, count in outputs.items() if mentions[path] <= count)


def reports_of_package(folder: str, place: Place) -> tuple[str, ...]:
    """Those of them that are caches and reports, which nobody reads who is made of the package."""
    return tuple(path for setting, path in _of_package(folder, "", place) if setting.startswith(_KEPT))


@remembered(4_096)
def _of_package(folder: str, program: str, place: Place) -> tuple[tuple[str, str], ...]:
    """The outputs named by the configurations that `program` reads in `folder`, by all of them where it is empty; each with its setting."""
    files = [name for name in place.listdir(folder) if _is_read(name, program)]
    found = [output for name in files for output in _of_file(posixpath.join(folder, name), folder, place)]
    return tuple(dict.fromkeys((*found, *(() if program else _clients(folder, place)))))


def _clients(folder: str, place: Place) -> Iterator[tuple[str, str]]:
    """The clients that prisma is told to write, seen from its schema."""
    for path in (posixpath.join(folder, name) for name in _CLIENTS):
        for word in re.findall(_CLIENT, place.read_text(path) or "", re.MULTILINE):
            yield "output", posixpath.normpath(posixpath.join(posixpath.dirname(path), word))


def _is_read(name: str, program: str) -> bool:
    if name in _OTHER_FILES:
        return not program or program in _OTHER_FILES[name]
    found = _FILE.fullmatch(name)
    tool = found[1] if found else ""
    return bool(tool) and (not program or tool == _FILES_OF.get(program, program) or _WITH_VITE.issuperset((tool, program)))


def _of_file(path: str, folder: str, place: Place) -> Iterator[tuple[str, str]]:
    """Paths in the values of settings for outputs, seen from `folder`; vite sees them from its `root`."""
    text = place.read_text(path) or ""
    if ".." not in text:
        return
    root = re.search(_ROOT, text)
    below = posixpath.normpath(posixpath.join(folder, root[1])) if root and not root[1].startswith("/") else folder
    if posixpath.basename(path).startswith(_GENERATES):
        yield from (("path", posixpath.normpath(posixpath.join(folder, piece))) for piece in re.findall(_RESULT, text))
    for setting in re.finditer(_SETTING, text):
        value = _named_value(_value(text[setting.end() : setting.end() + _LONGEST]), text)
        start = folder if any(word in value for word in _FIXED_FOLDER) else below
        for piece in _climbing(value):
            yield setting[1], posixpath.normpath(posixpath.join(start, piece))


def _named_value(value: str, text: str) -> str:
    """The value, or where it is the name of a constant of the file, what that is."""
    name = value.strip()
    found = re.search(_GIVEN_NAME.format(re.escape(name)), text) if name.isidentifier() else None
    return _value(text[found.end() : found.end() + _LONGEST]) if found else value


def _value(text: str) -> str:
    """The expression that a text begins with, up to where the next setting would be."""
    depth = 0
    quote = ""
    for index, char in enumerate(text):
        if quote:
            quote = "" if char == quote else quote
        elif char in "\"'`":
            quote = char
        elif char in "([":
            depth += 1
        elif char in ")]":
            depth -= 1
        if depth < 0 or (depth == 0 and not quote and (char in ",};{" or (char == "\n" and text[:index].strip()))):
            return text[:index]
    return text


def _climbing(value: str) -> Iterator[str]:
    """The paths in an expression that climb: each piece of text, or what is joined of them."""
    pieces = [piece.removeprefix(_OWN_FOLDER) for piece in re.findall(_PIECE, re.sub(_LOADING, "", value))]
    if any(word in value for word in _JOINING) and not any(mark in value for mark in _CHOOSING):
        pieces = ["/".join(piece.strip("/") for piece in pieces)]
    for piece in pieces:
        fixed = _fixed(piece.lstrip("/") if piece.startswith("/..") else piece)
        if ".." in fixed.split("/") and not any(char.isspace() for char in fixed):
            yield fixed


def _fixed(piece: str) -> str:
    """A path up to its first part that only the run tells."""
    parts = piece.split("/")
    wild = next((index for index, part in enumerate(parts) if not {"*", "{", "$", "[", "<"}.isdisjoint(part)), None)
    return piece if wild is None else "/".join(parts[:wild])
