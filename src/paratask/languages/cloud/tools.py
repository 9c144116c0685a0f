"""What kubectl, helm, gh and the programs of clouds can be asked without changing anything that others see, as data.

All else that these programs do counts as reaching beyond the checkout, also what waits for something there (`kubectl wait`), since
what is written below it counts on that. See `paratask.languages.tool_table`.
"""

from __future__ import annotations

from paratask.languages.options import Role
from paratask.languages.tool_table import Mode, Operands, Tool

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_LOOKS = "looks at what there is"
_KUBECTL: Mapping[Role, str] = {
    Role.FLAG: "--insecure-skip-tls-verify --disable-compression --match-server-version --warnings-as-errors",
    Role.VALUE: "-n --namespace --context --cluster --user --request-timeout --token -s --server --as --as-group --tls-server-name "
    "--username --password -v --v",
    Role.READS: "--kubeconfig --certificate-authority --client-certificate --client-key",
}
_KUBECTL_LOOKS: Mapping[Role, str] = {
    Role.FLAG: "-A --all-namespaces -w --watch --watch-only --show-labels --no-headers --ignore-not-found -R --recursive --show-kind "
    "--show-managed-fields --client --short --all-containers --previous -p --timestamps --prefix --ignore-errors --containers --sum "
    "--minify --raw --flatten --merge --namespaced --cached --show-events --server-side --force-conflicts --server-print -q --quiet --list",
    Role.VALUE: "-o --output -l --selector --field-selector --sort-by -L --label-columns --chunk-size --template -c --container --tail "
    "--since --since-time --limit-bytes --max-log-requests --api-version --api-group --verbs --categories --for --timeout --revision "
    "--field-manager --concurrency --types --subresource",
    Role.READS: "-f --filename -k --kustomize",
}
_FOLLOWS: Mapping[Role, str] = {**_KUBECTL_LOOKS, Role.FLAG: _KUBECTL_LOOKS[Role.FLAG] + " -f --follow", Role.READS: ""}
_HELM: Mapping[Role, str] = {
    Role.FLAG: "--debug --kube-insecure-skip-tls-verify",
    Role.VALUE: "-n --namespace --kube-context --kube-apiserver --kube-token --kube-as-user --kube-as-group --burst-limit --qps",
    Role.READS: "--kubeconfig --kube-ca-file --registry-config",
}
_VALUES: Mapping[Role, str] = {
    Role.FLAG: "--strict --quiet --with-subcharts --skip-schema-validation --include-crds --skip-crds --skip-tests --is-upgrade -g "
    "--generate-name --no-hooks --validate --dependency-lock --plain-http --insecure-skip-tls-verify --devel --render-subchart-notes",
    Role.VALUE: "--set --set-string --set-json --set-literal --kube-version --version --repo --release-name -a --api-versions -s "
    "--show-only --name-template --timeout --username --password --description --app-version --max-col-width",
    Role.READS: "-f --values --keyring --ca-file --cert-file --key-file",
    Role.WRITES: "--output-dir",
}
_RELEASES: Mapping[Role, str] = {
    Role.FLAG: "-a --all -A --all-namespaces -q --short -d --date --deployed --failed --pending --superseded --uninstalled --uninstalling "
    "-r --reverse --no-headers --show-resources --show-desc --hide-notes -l --versions --devel --fail-on-no-result",
    Role.VALUE: "-o --output -f --filter -m --max --offset --revision --template --time-format --selector --max-col-width --version -r",
}
_REPOSITORIES: Mapping[Role, str] = {
    Role.FLAG: "--force-update --no-update --fail-on-repo-update-fail --insecure-skip-tls-verify --allow-deprecated-repos --pass-credentials "
    "--password-stdin --skip-refresh --verify",
    Role.VALUE: "--username --password --timeout",
    Role.READS: "--ca-file --cert-file --key-file --keyring",
}
_GH: Mapping[Role, str] = {
    Role.FLAG: "--comments --log --log-failed --exit-status --required --patch --name-only --draft --exclude-drafts "
    "--exclude-pre-releases --fail-fast --verbose --archived --fork --source --active --show-token -a --all",
    Role.VALUE: "-R --repo --json -q --jq -t --template -L --limit -s --state -l --label --assignee --author --app -B --base -H --head "
    "-S --search -w --workflow -b --branch -e --event -u --user --commit --job -j --attempt --created --status --color -i --interval "
    "--milestone --mention --language --visibility --topic -h --hostname -O --order",
}
_CLOUD: Mapping[Role, str] = {
    Role.FLAG: "--quiet -q --only-show-errors --all --refresh --no-user-output-enabled --all-versions",
    Role.VALUE: "--format --filter --project --account --configuration -o --output --query --subscription --verbosity --limit --sort-by",
}


def _looks(options: Mapping[Role, str], names: str) -> Mapping[str, Tool]:
    return {
        name: Tool(summary=_LOOKS, mode=Mode.NOTHING, operands=Operands.WORDS, options=options) for name in names.split(",")
    }


def _groups(names: str, options: Mapping[Role, str]) -> Mapping[str, Tool]:
    return {name: Tool(summary="has commands of its own", mode=Mode.GROUP, options=options) for name in names.split(",")}


_KUBECTL_NAMES = (
    "get,describe,top,explain,api-resources,api-versions,version,cluster-info,diff,events,auth can-i,auth whoami,config view,"
    "config current-context,config get-contexts,config get-clusters,rollout history"
)
_RELEASE_NAMES = "list,ls,status,history,version,env,search repo,search hub,repo list,get all,get hooks,get manifest,get notes,get values,get metadata"
_GH_NAMES = (
    "pr list,pr view,pr status,pr diff,pr checks,issue list,issue view,issue status,run list,run view,release list,release view,"
    "repo list,repo view,workflow list,workflow view,label list,auth status,auth token,search code,search prs,search issues,version"
)
_CLOUD_NAMES = (
    "gcloud version,gcloud info,gcloud auth list,gcloud auth print-access-token,gcloud auth print-identity-token,gcloud config list,"
    "gcloud config get,gcloud config get-value,az version,az account show,az account list"
)


def _named(program: str, names: str) -> str:
    return ",".join(f"{program} {name}" for name in names.split(","))


TOOLS: Mapping[str, Tool] = {
    **_groups("kubectl", _KUBECTL),
    **_groups(_named("kubectl", "auth,config,rollout"), {}),
    **_looks(_KUBECTL_LOOKS, _named("kubectl", _KUBECTL_NAMES)),
    **_looks(_FOLLOWS, "kubectl logs"),
    "kubectl kustomize": Tool(summary="writes out what is described", mode=Mode.READ, options={Role.WRITES: "-o --output"}),
    "kustomize": Tool(summary="writes out what is described", mode=Mode.GROUP),
    "kustomize build": Tool(summary="writes out what is described", mode=Mode.READ, options={Role.WRITES: "-o --output"}),
    **_groups("helm", _HELM),
    **_groups(_named("helm", "search,repo,get,dependency,dep,show"), {}),
    **_looks(_RELEASES, _named("helm", _RELEASE_NAMES)),
    **{f"helm {name}": Tool(summary="reads a chart", mode=Mode.READ, options=_VALUES) for name in ("lint", "template")},
    **{
        f"helm show {name}": Tool(summary="reads a chart", mode=Mode.READ, options=_VALUES)
        for name in ("all", "chart", "readme", "values")
    },
    "helm package": Tool(
        summary="packs a chart",
        mode=Mode.READ,
        options={Role.VALUE: "--version --app-version", Role.WRITES: "-d --destination"},
    ),
    **{f"helm {name} list": Tool(summary="reads a chart", mode=Mode.READ) for name in ("dep", "dependency")},
    **{
        f"helm {name} {verb}": Tool(summary="fetches charts", mode=Mode.BUILD, options=_REPOSITORIES)
        for name in ("dep", "dependency")
        for verb in ("build", "update")
    },
    **{
        f"helm repo {name}": Tool(summary="changes the list of repositories", mode=Mode.INSTALL, options=_REPOSITORIES)
        for name in ("add", "update", "remove")
    },
    **_groups("gh", {Role.VALUE: "-R --repo"}),
    **_groups(_named("gh", "pr,issue,run,release,repo,workflow,label,auth,search"), {}),
    **_looks(_GH, _named("gh", _GH_NAMES)),
    **_groups("gcloud,az", _CLOUD),
    **_groups("gcloud auth,gcloud config,az account", {}),
    **_looks(_CLOUD, _CLOUD_NAMES),
}
"""Every program and subcommand that is recognised without an effect; those of aws go by how their names start."""
