"""Which files below a folder yamllint looks at, as its settings say: yamllint's documentation, "Configuration", `yaml-files`.

Without settings in the project, those of the user count, which may name any files; so all counts then.
"""

from __future__ import annotations

import posixpath

from paratask.languages.workspaces import folders_above
from paratask.languages.yaml_files import read_yaml

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from paratask.languages.shell.call import Call
    from paratask.plugins.hookspecs import Place

YAML_FILES = "{*.yaml,*.yml,.yamllint}"
_USUAL = frozenset({"*.yaml", "*.yml", ".yamllint"})
_OWN = frozenset({"default", "relaxed"})
_NAMES = (".yamllint", ".yamllint.yaml", ".yamllint.yml")
"""In the order in which they count."""


def looks_at_the_usual(call: Call) -> bool:
    """Whether all that it looks at below a folder are called so."""
    if call.has("-c", "--config-file", "-d", "--config-data") or "YAMLLINT_CONFIG_FILE" in call.invocation.environment:
        return False
    settings = _settings(call.invocation.cwd, call.place)
    if settings is None or settings.get("extends", "default") not in _OWN:
        return False
    named = settings.get("yaml-files", [])
    return isinstance(named, list) and all(isinstance(each, str) and each in _USUAL for each in named)


def _settings(cwd: str, place: Place) -> Mapping[object, object] | None:
    """The nearest settings, upwards; None where there are none, they name another file, or cannot be read."""
    paths = (posixpath.join(folder, name) for folder in (cwd, *folders_above(cwd, place)) for name in _NAMES)
    path = next((path for path in paths if place.exists(path)), None)
    return None if path is None or "ignore-from-file" in (place.read_text(path) or "") else read_yaml(path, place)
