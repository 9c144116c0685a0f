"""The plugin for Node: recognises its tools, its package managers, and the scripts of `package.json`. See docs/plugins.md.

What is recognised is in the tables (`TOOLS`); here is what goes beyond one entry: starting other programs, installing, and
choosing among the packages of a monorepo. Does not know what a JavaScript file does when it is run.
"""

from __future__ import annotations

import fnmatch
import posixpath
import re

from paratask.claims.model import Access, Claims, Effect, Evidence, union
from paratask.frozen import replace
from paratask.languages.node_builders import BUNDLERS, REPOSITORY
from paratask.languages.node_managers import BINARIES, BUN, NPM, PNPM, STARTERS, YARN
from paratask.languages.node_packages import (
    MANIFESTS,
    monorepo_of,
    package_folder,
    read_package,
    select_members,
    surroundings,
)
from paratask.languages.node_scripts import script_claims
from paratask.languages.node_tools import CHECKS, TESTS
from paratask.languages.options import Role, parse, resolve_path, roles
from paratask.languages.tool_calls import Language, program_name, resolve_call
from paratask.languages.tool_claims import (
    claim,
    of_environment,
    of_options,
    of_resources,
    recognise_call,
    unique,
    write_below,
)
from paratask.languages.tool_table import Mode, Operands, Tool, outside_word
from paratask.plugins.hookspecs import Delegation, Invocation, Recognition, hookimpl
