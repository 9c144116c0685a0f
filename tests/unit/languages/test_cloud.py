"""What the plugin for clusters and clouds makes of commands: claims, evidence, effect."""

from __future__ import annotations

import pytest

from paratask.claims.model import Access, Effect, Evidence
from paratask.languages.cloud.tools import TOOLS
from paratask.testing import FakeCheckout, patterns_of

FILES = {
    "charts/web/Chart.yaml": "name: web\ndependencies: [{name: a, repository: 'https://example.com'}]\n",
    "charts/all/Chart.yaml": "name: all\ndependencies: [{name: web, repository: 'file://../web'}]\n",
    "k8s/base/kustomization.yaml": "",
    "api/pyproject.toml": "",
}
LOOKING = [
    "kubectl get pods -A -o json",
    "kubectl -n shop --context prod get pods -l app=web -w",
    "kubectl describe pod x",
    "kubectl logs -f deploy/web -c app --tail=10",
    "kubectl rollout history deploy/web",
    "kubectl config current-context",
    "kubectl version --client",
    "kubectl get --help",
    "gh pr view 3 --json title -q .title",
    "gh run list -L 5",
    "gh -R a/b release list",
    "gh auth status",
    "aws sts get-caller-identity --query Account --output text",
    "aws --region eu-west-1 --profile x ec2 describe-instances --filters Name=x,Values=y",
    "aws s3 ls s3://bucket",
    "aws ecr get-login-password",
    "gcloud config get-value project",
    "gcloud auth print-access-token",
    "az account show --query id -o tsv",
]
OUTSIDE = [
    "kubectl",
    "kubectl apply -f k8s",
    "kubectl -n x delete pod y",
    "kubectl get pods --unheard-of",
    "kubectl exec x -- ls",
    "kubectl rollout status deploy/web --timeout=60s",
    "kubectl wait --for=condition=Ready pod/x",
    "gh run watch 3",
    "gh pr checks --watch",
    "kubectl config use-context x",
    "kubectl cluster-info dump --output-directory=x",
    "kubectl get -f $F",
    "kubectl get svc -o go-template-file=x",
    "helm upgrade --install web charts/web",
    "helm uninstall web",
    "helm push x.tgz oci://x",
    "helm template charts/web --post-renderer ./x",
    "helm template charts/web --output-dir $OUT",
    "helm template $CHART",
    "gh pr create --fill",
    "gh release create v1",
    "gh release download v1",
    "gh api repos/x/y",
    "gh run view --web",
    "aws s3 cp a s3://b",
    "aws s3api get-object --bucket b --key k out",
    "aws ec2 describe-instances --cli-input-json file://x.json",
    "aws ec2 describe-instances $X",
    "aws $X",
    "aws deploy create-deployment",
    "gcloud run deploy x",
    "gcloud compute instances delete list",
    "az webapp up",
    "kubectl $X",
]


@pytest.fixture(scope="module")
def checkout():
    return FakeCheckout(FILES)


@pytest.mark.parametrize("text", LOOKING)
def test_looking_touches_nothing(checkout, text):
    claims = checkout.claims(text)
    assert (claims.evidence, claims.effect) == (Evidence.INFERRED, Effect.LOCAL)
    assert patterns_of(claims, *Access) == set()


@pytest.mark.parametrize("text", OUTSIDE)
def test_everything_else_is_outside(checkout, text):
    claims = checkout.claims(text)
    assert (claims.evidence, claims.effect) == (Evidence.INFERRED, Effect.OUTSIDE)
    assert checkout.writes(text) == {"**"}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("kubectl apply -f x", "`kubectl apply` reaches beyond this checkout"),
        ("kubectl --context x delete y", "`kubectl` reaches beyond this checkout"),
        ("aws s3 cp a b", "`aws` reaches beyond this checkout"),
        ("gh pr create", "`gh pr` reaches beyond this checkout"),
    ],
)
def test_why_it_is_outside(checkout, text, reason):
    assert checkout.claims(text).effect_reason == reason


@pytest.mark.parametrize(
    ("text", "reads", "writes", "held"),
    [
        ("kubectl get -f k8s", {"k8s/**"}, set(), set()),
        ("kubectl diff -k k8s/base", {"k8s/base/**", "**"}, set(), set()),
        ("kubectl kustomize k8s/base -o out.yaml", {"k8s/base/**", "**"}, {"out.yaml"}, set()),
        ("kustomize build k8s/base", {"k8s/base/**", "**"}, set(), set()),
        ("helm lint charts/web --strict", {"charts/web/**"}, set(), set()),
        ("cd charts/web && helm lint", {"charts/web/**"}, set(), set()),
        ("helm template web charts/web -f prod.yaml --set a=b", {"charts/web/**", "prod.yaml"}, set(), set()),
        ("helm template web bitnami/nginx", {"bitnami/nginx/**"}, set(), set()),
        ("helm template web oci://x/y", set(), set(), set()),
        ("helm template web ./charts/web --output-dir out", {"charts/web/**"}, {"out/**"}, set()),
        ("helm package charts/web", {"charts/web/**"}, {"*.tgz"}, set()),
        ("helm package charts/web -d dist", {"charts/web/**"}, {"dist/**"}, set()),
        ("helm dependency build charts/web", set(), {"charts/web/**"}, {"helm-repositories"}),
        ("helm dep update charts/all", {"**"}, {"charts/all/**"}, {"helm-repositories"}),
        ("helm repo add x https://example.com", set(), set(), {"helm-repositories"}),
        ("helm list -A", set(), set(), set()),
    ],
)
def test_claims(checkout, text, reads, writes, held):
    assert checkout.recognises(text)
    assert checkout.effect(text) is Effect.LOCAL
    assert (checkout.reads(text), checkout.writes(text), checkout.holds(text)) == (reads, writes, held)


@pytest.mark.parametrize("text", ["kustomize unheard-of", "kustomize build --enable-helm x", "./deploy get pods"])
def test_what_is_not_understood_claims_everything(checkout, text):
    assert not checkout.recognises(text)


@pytest.mark.parametrize(
    ("first", "second", "together"),
    [
        ("helm lint charts/web", "helm template charts/all", True),
        ("helm lint charts/web", "helm dep build charts/web", False),
        ("helm repo update", "helm template web bitnami/nginx", False),
        ("cp -r charts/web build/web", "helm lint build/web", False),
        ("cp -r charts/web build/web", "helm template x build/web", False),
        ("cp -r charts/web build/web", "helm package build/web -d dist", False),
        ("cp -r charts/web build/web", "helm dep update build/web", False),
        ("helm package charts/web -d dist", "helm lint dist/web-1.0.tgz", False),
        ("cp -r charts/web build/web", "helm template web charts/all", True),
        ("cp x b.yaml", "helm template web charts/web -f a.yaml,b.yaml", False),
        ("cp x b.yaml", "kubectl diff -f a.yaml,b.yaml", False),
        ("cp x .aws/config", "AWS_CONFIG_FILE=.aws/config aws s3 ls", False),
        ("cp x .aws/config", "AWS_SHARED_CREDENTIALS_FILE=$HOME/x aws s3 ls", False),
        ("cp x .aws/config", "aws s3 ls", True),
        ("kubectl get pods", "cd api && pytest", True),
        ("kubectl apply -f k8s", "cd api && pytest", False),
        ("kubectl apply -f k8s", "kubectl get pods", False),
    ],
)
def test_pairs(checkout, first, second, together):
    assert checkout.may_run_together(first, second) is together, checkout.why_not(first, second)


def test_every_subcommand_in_the_table_has_its_group():
    groups = {key.rpartition(" ")[0] for key in TOOLS if " " in key}
    assert {group for group in groups if group not in TOOLS} == set()


def test_manifests(checkout):
    assert "Chart.yaml" in checkout.manifests()
