"""Copying between places: rsync between folders of this machine, and files that curl and wget fetch from others.

A download is local where it surely does nothing but leave a file here: asked for by GET, under a name, from an address that is known and
of another machine. All else that these programs do may be seen by others. Knows nothing of what is at the other end, nor of settings
in the home folder.
"""

from __future__ import annotations

import posixpath

from paratask.languages.outside_calls import reaching
from paratask.languages.shell.call import BELOW, Accepts, local, option_claims, parse_call
from paratask.languages.shell.writers import missing_above

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from paratask.claims.model import Claim
    from paratask.languages.options import Word
    from paratask.languages.shell.call import Call
    from paratask.plugins.hookspecs import Invocation, Place, Recognition

_RSYNC = Accepts(
    flags="-a -v -q -c -r -u -l -L -k -K -H -p -E -A -X -o -g -t -O -J -D -S -n -W -x -I -m -z -h -P -i -C -s -R -d -N -U -8 -4 -6 "
    "--archive --verbose --quiet --checksum --recursive --update --links --copy-links --copy-unsafe-links --safe-links "
    "--copy-dirlinks --keep-dirlinks --hard-links --perms --executability --acls --xattrs --owner --group --devices --specials "
    "--times --omit-dir-times --omit-link-times --sparse --dry-run --whole-file --no-whole-file --one-file-system --existing "
    "--ignore-existing --delete --del --delete-before --delete-during --delete-after --delete-delay --delete-excluded --force "
    "--prune-empty-dirs --ignore-times --size-only --fuzzy --compress --human-readable --progress --partial --stats "
    "--itemize-changes --cvs-exclude --relative --no-relative --dirs --mkpath --inplace --append --ignore-errors --no-perms "
    "--no-owner --no-group --no-times --no-links --no-implied-dirs --no-o --no-g --no-p --no-t --no-D --info",
    values="--exclude --include --chmod --chown --max-size --min-size --max-delete --modify-window --out-format --bwlimit --timeout "
    "--compress-level --block-size -B",
    reads="--exclude-from --include-from --files-from",
    writes="--log-file",
)  # fmt: skip
_CURL = Accepts(
    flags="-f -s -S -L -k -# -g -4 -6 -v -O -N -q --fail --fail-with-body --silent --show-error --location --insecure --progress-bar "
    "--globoff --compressed --create-dirs --remote-name --tlsv1.2 --tlsv1.3 --no-progress-meter --verbose --http1.1 --http2 --ipv4 "
    "--ipv6 --retry-connrefused --retry-all-errors --ssl-reqd --parallel -Z --remove-on-error --disable",
    values="--retry --retry-delay --retry-max-time --connect-timeout -m --max-time --proto --proto-redir -H --header -A --user-agent "
    "-e --referer --limit-rate -u --user --max-redirs --output-dir -C --continue-at -y -Y --speed-time --speed-limit",
    reads="--cacert",
    writes="-o --output",
)
_WGET = Accepts(
    flags="-q -nv -v -c -N -nc -4 -6 --quiet --no-verbose --verbose --continue --timestamping --no-clobber --no-check-certificate "
    "--show-progress --inet4-only --inet6-only --https-only --no-hsts --no-cache",
    values="-t --tries -T --timeout --connect-timeout --read-timeout -w --wait --waitretry --header -U --user-agent --progress "
    "--limit-rate --user --password -P --directory-prefix",
    writes="-O --output-document",
)
DOWNLOADERS = {"curl": _CURL, "wget": _WGET}
_HERE = ("localhost", "127.", "0.0.0.0", "[", "host.docker.internal")  # noqa: S104 - looked for, not listened on
_ANSWERED_HERE = ("", "-", "/dev/null", "/dev/stdout", "/dev/stderr")


def recognise_rsync(words: Sequence[Word], invocation: Invocation, place: Place) -> Recognition | None:
    """rsync to or from another machine; between folders it reads some and writes the last."""
    remote = any(word and not word.startswith("-") and ":" in word.partition("/")[0] for word in words)
    if remote or any(word and word.startswith("rsync://") for word in words):
        return reaching("rsync")
    call = parse_call("rsync", words, _RSYNC, invocation, place)
    if call is None or not call.operands:
        return None
    sources, target = call.operands[:-1] or call.operands, call.operands[-1]
    written = call.replaces([target], BELOW) if len(call.operands) > 1 else ()
    return local((*option_claims(call), *call.reads(sources, BELOW), *written), "`rsync` copies files")


def recognise_download(name: str, words: Sequence[Word], invocation: Invocation, place: Place) -> Recognition:
    """One of DOWNLOADERS: a file that is fetched and kept, or whatever else they do."""
    call = parse_call(name, words, DOWNLOADERS[name], invocation, place)
    kept = None if call is None or not all(map(_is_elsewhere, call.operands)) else _kept(call)
    if call is None or not kept or any("@" in (option.value or "") for option in call.parsed.named("-H", "--header")):
        return reaching(name)
    folders = [above for path in kept for above in missing_above(path, call)]
    claims: tuple[Claim, ...] = (*call.writes(kept), *call.makes(folders, BELOW), *call.reads(_read(call)))
    return local(claims, f"`{name}` fetches a file")


def _is_elsewhere(address: str) -> bool:
    """Whether an address is one of another machine, and of a single file."""
    scheme, found, rest = address.partition("://")
    host = rest.partition("/")[0].rpartition("@")[2]
    return bool(found) and scheme in ("http", "https") and not host.startswith(_HERE) and not set(address) & set("{}[]*$")


def _kept(call: Call) -> list[str]:
    """The files that are left; none where an answer is not kept, which is asked for to tell somebody something."""
    given = [option.value or "" for option in call.parsed.named("-o", "--output", "-O", "--output-document") if option.value]
    folders = [option.value for option in call.parsed.named("--output-dir", "-P", "--directory-prefix")]
    if None in folders or any(path in _ANSWERED_HERE or "#" in path for path in given) or not call.operands:
        return []
    folder = (folders or [""])[-1] or ""
    by_name = [posixpath.basename(address.partition("?")[0].partition("#")[0]) for address in call.operands]
    if call.name == "wget":
        if not given and any("?" in address for address in call.operands):
            return []
        given = given or [f"{name or 'index.html'}*" for name in by_name]
        return [posixpath.join(folder, path) for path in given] if not call.has("-O", "--output-document") else given
    names = given if not call.has("-O", "--remote-name") else [*given, *by_name]
    named_by = len(given) + len(call.parsed.named("-O", "--remote-name"))
    return [posixpath.join(folder, path) for path in names] if named_by == len(call.operands) and all(names) else []


def _read(call: Call) -> list[str]:
    return [option.value or "" for option in call.parsed.named("--cacert")]


RECOGNISERS: Mapping[str, Callable[[str, Sequence[Word], Invocation, Place], Recognition | None]] = {
    "rsync": lambda _name, words, invocation, place: recognise_rsync(words, invocation, place),
    **dict.fromkeys(DOWNLOADERS, recognise_download),
}
