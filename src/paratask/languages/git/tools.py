"""git's subcommands by what they do, and the options that make one that changes things only look."""

from __future__ import annotations

from paratask.languages.shell.call import Accepts, names_of

LOOKS_AT_FILES = names_of(
    "status diff describe ls-files grep blame check-ignore show log diff-files diff-index check-attr whatchanged"
)
OF_INDEX = names_of("-c --cached -s --stage -z -t -v --full-name --exclude-standard --error-unmatch --deduplicate --")
"""Options with which `git ls-files` still looks at no file."""
LOOKS_AT_HISTORY = names_of(
    "rev-parse rev-list cat-file ls-tree merge-base name-rev shortlog for-each-ref show-ref version diff-tree show-branch "
    "count-objects cherry range-diff var ls-remote"
)
LOOKS_AT_IGNORED = ("--ignored", "--no-index", "--no-exclude", "-o", "-i", "-x", "-X", "--others", "--untracked", "--exclude")
"""How options start with which files are looked at that `.gitignore` leaves out."""
NEVER_COMMITTED = (
    "node_modules",
    ".venv",
    ".eslintcache",
    ".stylelintcache",
    ".cache",
    ".nyc_output",
    ".next",
    ".nuxt",
    ".svelte-kit",
    ".turbo",
    ".nx",
    ".vite",
    ".tox",
    ".nox",
    ".gradle",
    ".terraform",
    "*.tsbuildinfo",
    "__pycache__",
)
"""Names of what tools make for themselves, as they stand in `.gitignore`."""
CHANGES = names_of(
    "push commit tag fetch pull clone add rm mv checkout switch restore reset clean merge rebase cherry-pick revert "
    "apply am stash init submodule worktree branch config remote gc prune lfs notes bisect update-index update-ref "
    "symbolic-ref send-email reflog maintenance repack pack-refs sparse-checkout subtree filter-branch replace rerere read-tree"
)
LOOKS_WITH = {
    "branch": names_of("--show-current --list --contains --merged --no-merged"),
    "config": names_of("--get --get-all --get-regexp --list -l get list"),
    "tag": names_of("-l --list --points-at --contains --merged"),
    "remote": names_of("get-url"),
    "stash": names_of("list show"),
    "worktree": names_of("list"),
    "submodule": names_of("status summary"),
    "lfs": names_of("ls-files status version env"),
    "notes": names_of("list show"),
    "bisect": names_of("log"),
    "sparse-checkout": names_of("list"),
    "reflog": names_of("show exists"),
}
REACHES = names_of("push fetch pull clone submodule lfs send-email remote")
LEADS_AWAY = ("--output", "--ext-diff", "-O", "--open-files-in-pager", "--exec", "--upload-pack")
"""Options by which what only looks writes a file, or runs a program."""
HARMLESS_SETTINGS = (
    "color.",
    "core.quotepath=",
    "safe.directory=",
    "user.name=",
    "user.email=",
    "advice.",
    "init.defaultbranch=",
    "log.",
)
"""Settings given with `-c` that change nothing that is touched."""
HARMLESS_VARIABLES = (
    "GIT_TERMINAL_PROMPT",
    "GIT_PAGER",
    "GIT_AUTHOR_",
    "GIT_COMMITTER_",
    "GIT_LFS_SKIP_SMUDGE",
    "GIT_OPTIONAL_LOCKS",
)
"""How the names of variables start that change nothing that is touched."""
LISTS = {
    "tag": names_of("-i --ignore-case --column --no-column --color --no-color --sort --format -n"),
    "branch": names_of(
        "-a -r -v -vv --all --remotes -i --ignore-case --column --no-column --color --no-color --sort --format --abbrev --no-abbrev"
    ),
    "remote": names_of("-v --verbose"),
}
"""Options with which these commands list, as they do without any, where no name stands beside them."""
TAKES_NEXT = names_of("--sort --format")
"""Those of them whose value may stand in the next word."""
SCOPES = names_of(
    "--global --local --system --worktree --show-origin --show-scope -z --null --name-only --includes --bool --int --path --type"
)
"""Options of `git config NAME`, which prints a value."""
CLONES = Accepts(
    flags="-q --quiet -v --verbose --progress --single-branch --no-single-branch --no-tags -n --no-checkout --bare --mirror --sparse "
    "--recurse-submodules --recursive --shallow-submodules --no-shallow-submodules",
    values="--depth -b --branch -o --origin --filter -j --jobs --shallow-since -c --config",
)
ARCHIVES = Accepts(
    flags="-v --verbose --worktree-attributes -l --list -0 -1 -2 -3 -4 -5 -6 -7 -8 -9",
    values="--format --prefix --mtime",
    reads="--add-file",
    writes="-o --output",
)
