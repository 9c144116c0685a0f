"""What the terraform plugin makes of commands: claims, evidence, effect."""

from __future__ import annotations

import pytest

from paratask.claims.model import Effect, Evidence
from paratask.languages.terraform.plugin import _FORMATTED
from paratask.languages.terraform.tools import TOOLS
from paratask.testing import FakeCheckout

FILES = {
    "live/a/main.tf": 'module "net" {\n  source = "../../modules/net"\n}\n',
    "live/b/main.tf": 'resource "x" "y" {}\n',
    "live/c/main.tf": 'data "external" "x" {\n  program = ["python", "x.py"]\n}\n',
    "live/d/main.tf": 'locals {\n  x = file("${var.where}/../x")\n}\n',
    "live/e/main.tf": 'locals {\n  x = file("${path.module}/../../shared/x.txt")\n  y = "${path.module}/t/${var.x}.tpl"\n}\n',
    "modules/net/main.tf": 'module "sub" {\n  source = "./sub"\n}\n',
    "modules/net/sub/main.tf": "",
    "modules/other/main.tf": "",
    "web/package.json": '{"scripts": {"build": "vite build"}}',
}
A, B = "cd live/a && ", "cd live/b && "
OUTSIDE = [
    "terraform apply -auto-approve",
    "terraform -chdir=live/a destroy",
    "tofu apply plan.out",
    "terraform import x.y z",
    "terraform state rm x.y",
    "terraform workspace new x",
    "terraform test",
    "terraform init -migrate-state",
    "terraform apply -unheard-of",
]
NOT_RECOGNISED = [
    "terraform",
    "terraform unheard-of",
    "terraform console",
    "terraform plan -unheard-of",
    "terraform plan -out=$OUT",
    "terraform plan live/a",
    "terraform -chdir=$WHERE plan",
    "TF_CLI_ARGS_plan=-destroy terraform plan",
    "terraform init -from-module=x",
    "tflint --init",
    "./infra plan",
]


@pytest.fixture(scope="module")
def checkout():
    return FakeCheckout(FILES)


@pytest.mark.parametrize("text", OUTSIDE)
def test_what_changes_infrastructure_is_outside(checkout, text):
    claims = checkout.claims(text)
    assert (claims.evidence, claims.effect) == (Evidence.INFERRED, Effect.OUTSIDE)


def test_why_it_is_outside(checkout):
    assert checkout.claims("terraform apply").effect_reason == "`terraform apply` reaches beyond this checkout"


@pytest.mark.parametrize("text", NOT_RECOGNISED)
def test_what_is_not_understood_claims_everything(checkout, text):
    assert not checkout.recognises(text)


@pytest.mark.parametrize(
    ("text", "writes", "held"),
    [
        ("terraform version", set(), set()),
        ("terraform plan -help", set(), set()),
        ("terraform fmt -check -recursive -diff", set(), set()),
        ("terraform fmt -write=false", set(), set()),
        ("terraform fmt", {f"live/a/{_FORMATTED}"}, set()),
        ("terraform fmt -recursive ../..", {f"**/{_FORMATTED}"}, set()),
        ("terraform fmt main.tf", {"live/a/main.tf"}, set()),
        ("terraform validate -json", set(), set()),
        ("terraform output -raw x", set(), set()),
        ("terraform show -json plan.out", set(), set()),
        ("terraform state list", set(), set()),
        (
            "terraform init -backend=false -input=false",
            {"live/a/.terraform/**", "live/a/.terraform.lock.hcl"},
            {"terraform-plugins", "terraform-state:live/a"},
        ),
        ("tofu workspace select prod", {"live/a/.terraform/**"}, {"terraform-state:live/a"}),
        (
            "terraform plan -var-file=prod.tfvars -out plan.out",
            {"live/a/{*,.*}.tfstate*", "live/a/plan.out/**"},
            {"terraform-state:live/a"},
        ),
        ("terraform -chdir=../c plan", {"live/c/{*,.*}.tfstate*", "live/c/**"}, {"terraform-state:live/c"}),
        ("tflint --fix", {"live/a/**"}, set()),
        ("tflint --recursive -f compact", set(), set()),
    ],
)
def test_claims(checkout, text, writes, held):
    assert checkout.recognises(A + text)
    assert checkout.effect(A + text) is Effect.LOCAL
    assert checkout.writes(A + text) == writes
    assert checkout.holds(A + text) == held


def test_local_modules_are_read(checkout):
    assert checkout.reads(f"{A}terraform validate") == {"live/a/**", "modules/net/**", "modules/net/sub/**"}
    assert checkout.reads(f"{B}terraform validate") == {"live/b/**"}
    assert checkout.reads("cd live/d && terraform validate") == {"live/d/**", "**"}
    assert checkout.reads("cd live/e && terraform validate") == {"live/e/**", "shared/x.txt/**", "live/e/t/**"}


@pytest.mark.parametrize(
    ("first", "second", "together"),
    [
        (f"{A}terraform plan", f"{B}terraform plan", True),
        (f"{A}terraform plan", f"{A}terraform plan", False),
        (f"{A}terraform plan", f"{A}terraform validate", False),
        (f"{A}terraform validate", f"{A}terraform fmt -check", True),
        (f"{A}terraform validate", f"{A}terraform fmt", False),
        (f"{A}terraform validate", "cd modules/net && terraform fmt", False),
        (f"{A}terraform validate", "cd modules/other && terraform fmt", True),
        (f"{A}terraform init", f"{A}terraform validate", False),
        (f"{A}terraform init", "terraform fmt -check -recursive", True),
        (f"{A}terraform init", "terraform fmt -recursive", False),
        (f"{A}terraform init", f"{A}terraform fmt -check -recursive .terraform", False),
        ("rm .hidden/main.tf", "tofu fmt -check -recursive .hidden", False),
        (f"{A}terraform init", f"{B}terraform init", False),
        (f"{A}terraform apply", f"{B}terraform plan", False),
        (f"{A}terraform plan", "cd web && npm run build", True),
        ("cd live/d && terraform plan", "cd web && npm run build", False),
        (f"{A}tflint", f"{A}terraform validate", True),
        (f"{A}terraform providers", f"{A}terraform validate", True),
        (f"{A}terraform providers schema -json", f"{A}terraform validate", True),
        (f"{A}terraform providers lock", f"{A}terraform validate", False),
        (f"{A}terraform providers mirror ../mirror", "ls live/mirror", False),
    ],
)
def test_pairs(checkout, first, second, together):
    assert checkout.may_run_together(first, second) is together, checkout.why_not(first, second)


@pytest.mark.parametrize("text", ["terraform fmt -recursive live/v1.2", "cd live/v1.2 && terraform fmt -recursive"])
def test_a_folder_with_a_dot_in_its_name_is_formatted_as_any(text):
    place = FakeCheckout({"live/v1.2/main.tf": "", "live/v1.2/net/main.tf": ""})
    assert not place.may_run_together(text, "cp x.tf live/v1.2/net/main.tf")
    assert place.writes("terraform fmt live/v1.2/main.tf") == {"live/v1.2/main.tf"}


def test_every_subcommand_in_the_table_has_its_group():
    groups = {key.rpartition(" ")[0] for key in TOOLS if " " in key}
    assert {group for group in groups if group not in TOOLS} == set()


def test_manifests(checkout):
    assert "main.tf" in checkout.manifests()
