"""Tools that a repository installs into a folder of its own (`bin/golangci-lint`, `.tools/helm-4.1.3`), which are no programs of its own.

Goes by the name, which has to be one that nobody gives to a program of theirs: `bin/serve` and `bin/test` may be anything. A script is not
taken for the tool that it is named after. The file is read, so that whoever installs it comes first.
"""

from __future__ import annotations

import posixpath
import re

from paratask.claims.model import Access, Claims, Evidence
from paratask.frozen import replace
from paratask.languages.inferred import claim

TYPE_CHECKING = False
if TYPE_CHECKING:
    from paratask.plugins.hookspecs import Invocation, Place

TOOLS = frozenset(
    "actionlint addlicense alejandra argocd biome buf checkov clang-format clang-tidy cosign crane deadcode deepcopy-gen "
    "detekt dotenv-linter dprint easyjson editorconfig-checker eksctl enumer errcheck esbuild fieldalignment flyctl gci "
    "ginkgo gitleaks glab go-consistent go-enum go-task gocognit gocyclo gofumpt goimports golangci-lint golines golint "
    "google-java-format goreleaser gosec gotestsum govulncheck gqlgen hadolint helm hlint ineffassign jq ktfmt ktlint "
    "kube-score kubeconform kubectl kubeval kustomize license-eye ls-lint lychee mdbook misspell mockery mockgen nilaway "
    "oapi-codegen oras osv-scanner oxlint pinact pre-commit prek protoc pulumi revive ruff rumdl semgrep shellcheck shfmt "
    "skopeo sqlc squawk staticcheck stringer swag swiftformat swiftlint tailwindcss taplo task templ terraform "
    "terraform-docs tflint tfsec tofu tombi trivy trufflehog typos unconvert uv uvx wasm-pack yamlfmt yamllint yq zizmor".split()
)
_VERSION = re.compile(r"(.+?)[-_@]v?\d+(?:\.\d+)*")


def brought_tool(invocation: Invocation, place: Place) -> tuple[Invocation, Claims] | None:
    """The call as if the tool were installed where all are, and the reading of its file; None where it may be a program of the repository's."""
    program = invocation.words[0] or ""
    name = posixpath.basename(program)
    versioned = _VERSION.fullmatch(name)
    name = versioned[1] if versioned and versioned[1] in TOOLS else name
    path = posixpath.normpath(posixpath.join(invocation.cwd, program))
    if "/" not in program or name not in TOOLS or place.read_text(path) is not None or place.listdir(path):
        return None
    read = claim(Access.READ, place.pattern(path), f"`{name}` is started from there")
    call = replace(invocation, words=(name, *invocation.words[1:]))
    return call, Claims(entries=(read,), evidence=Evidence.INFERRED)
