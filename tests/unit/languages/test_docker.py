"""What the docker plugin makes of commands: claims, evidence, effect."""

from __future__ import annotations

import pytest

from paratask.claims.model import Access, Effect, Evidence
from paratask.languages.docker.images import images_needed, normal
from paratask.languages.docker.tools import TOOLS
from paratask.testing import FakeCheckout, patterns_of

FILES = {
    "web/Dockerfile": "FROM node:22 AS build\nCOPY . .\nRUN npm run build\nFROM base\nCOPY --from=build /app/dist /srv\n",
    "web/package.json": '{"scripts": {"build": "vite build", "test": "jest"}}',
    "base/Dockerfile": "FROM alpine\n",
    "api/Dockerfile": "ARG TAG\nFROM python:${TAG}\n",
    "api/pyproject.toml": "",
    "lean/Dockerfile": "FROM scratch\n",
    "lean/.dockerignore": "# big\n/node_modules\n*.log\ndocs/**\n**/__pycache__\n\n",
    "picky/Dockerfile": "FROM scratch\n",
    "picky/.dockerignore": "*\n!src\nsrc/tmp\n.git\n",
    "stack/compose.yaml": "name: shop\nservices:\n  web: {build: ../web, image: shop/web}\n  db: {image: postgres}\n"
    "  job: {build: {context: ../base, dockerfile: ../jobs/Dockerfile, args: {A: 1}}}\n",
    "jobs/Dockerfile": "FROM scratch\n",
    "odd/compose.yaml": "services: {web: {build: '${WHERE}'}}\n",
    "wide/compose.yaml": "include: [../stack/compose.yaml]\nservices: {}\n",
    "none/x": "",
}
STACK = {"stack/compose.yaml", "stack/.env", "stack/{compose,docker-compose}{,.override}.y{,a}ml"}
LOOKING = [
    "docker ps -a",
    "docker logs -f web",
    "docker logs --tail=3 -f",
    "docker info --format '{{.ID}}'",
    "docker version",
    "docker compose version",
    "docker network ls",
    "docker buildx ls",
    "docker system df",
    "docker build --help",
    "docker --version",
    "podman ps",
    "docker -H tcp://x:1 ps",
]
OUTSIDE = [
    "docker push shop/web:1",
    "docker image push shop/web",
    "docker login -u x --password-stdin",
    "docker compose up -d",
    "docker compose -f stack/compose.yaml up -d --wait",
    "docker-compose down -v",
    "docker compose run --rm web npm test",
    "docker compose exec web sh",
    "docker stop web",
    "docker rm -f web",
    "docker exec web ls",
    "docker build --push -t x web",
    "docker buildx build --output type=registry -t x web",
    "docker buildx build --cache-to type=registry,ref=x/y -t x web",
    "docker run --rm -v ./web:/app node:22 npm test",
    "docker run -d --name db -p 5432:5432 postgres",
    "docker run --rm --network none -d x",
    "docker run --rm --network none -v /var/run/docker.sock:/var/run/docker.sock x",
    "docker stack deploy x",
    "docker network create x",
    "docker system prune -af",
    "docker volume rm x",
]
NOT_RECOGNISED = [
    "docker",
    "docker unheard-of",
    "docker build",
    "docker build web api",
    "docker build $CONTEXT",
    "docker build --unheard-of web",
    "docker build -f $FILE web",
    "docker build -o $OUT web",
    "docker build --iidfile $OUT web",
    "docker buildx bake",
    "docker run --volumes-from x y",
    "docker run -v $HERE:/x y",
    "docker run -v ~/x:/x y",
    "docker run --rm",
    "cd odd && docker compose build",
    "cd wide && docker compose build",
    "cd none && docker compose build",
    "COMPOSE_FILE=x.yaml docker compose config",
    "./docker build web",
]


@pytest.fixture(scope="module")
def checkout():
    return FakeCheckout(FILES)


@pytest.mark.parametrize("text", LOOKING)
def test_looking_touches_nothing(checkout, text):
    claims = checkout.claims(text)
    assert claims.evidence is Evidence.INFERRED
    assert claims.effect is Effect.LOCAL
    assert patterns_of(claims, Access.READ, Access.WRITE, Access.EXCLUSIVE) == set()


@pytest.mark.parametrize("text", OUTSIDE)
def test_what_sends_or_changes_what_others_use_is_outside(checkout, text):
    claims = checkout.claims(text)
    assert (claims.evidence, claims.effect) == (Evidence.INFERRED, Effect.OUTSIDE)


@pytest.mark.parametrize("text", NOT_RECOGNISED)
def test_what_is_not_understood_claims_everything(checkout, text):
    assert not checkout.recognises(text)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("docker push x", "`docker push` reaches beyond this checkout"),
        ("docker compose down", "`docker compose down` changes containers that others may use"),
        ("docker run x", "`docker run` starts a program that may reach beyond this checkout"),
    ],
)
def test_why_it_is_outside(checkout, text, reason):
    assert checkout.claims(text).effect_reason == reason


@pytest.mark.parametrize(
    ("text", "reads", "writes", "held"),
    [
        ("docker build -t shop/web:1 web", {"web/**", "web/Dockerfile"}, set(), {"docker-image:shop/web:1"}),
        ("cd web && docker build .", {"web/**", "web/Dockerfile"}, set(), set()),
        ("docker build -f jobs/Dockerfile .", {"**", "jobs/Dockerfile"}, set(), set()),
        ("docker build -t a -t b:2 base", {"base/**", "base/Dockerfile"}, set(), {"docker-image:a:latest", "docker-image:b:2"}),
        ("docker build -t x:$TAG base", {"base/**", "base/Dockerfile"}, set(), {"docker-images"}),
        ("docker build api", {"api/**", "api/Dockerfile"}, set(), {"docker-images"}),
        ("docker build --build-arg TAG=3 api", {"api/**", "api/Dockerfile"}, set(), set()),
        ("docker build --secret id=k,src=key.pem lean", {"lean/**", "lean/Dockerfile", "key.pem/**"}, set(), set()),
        ("docker build --build-context x=web lean", {"lean/**", "lean/Dockerfile", "web/**"}, set(), set()),
        ("docker build -o out lean", {"lean/**", "lean/Dockerfile"}, {"out/**"}, set()),
        ("docker buildx build -o type=local,dest=out lean", {"lean/**", "lean/Dockerfile"}, {"out/**"}, set()),
        ("docker build --cache-to type=local,dest=c --load lean", {"lean/**", "lean/Dockerfile"}, {"c/**"}, set()),
        ("docker build --iidfile id lean", {"lean/**", "lean/Dockerfile"}, {"id/**"}, set()),
        ("docker build -t x https://example.com/x.git", set(), set(), {"docker-image:x:latest"}),
        ("docker pull alpine", set(), set(), {"docker-image:alpine:latest"}),
        ("docker tag a b", set(), set(), {"docker-image:b:latest"}),
        ("docker rmi -f docker.io/library/a", set(), set(), {"docker-image:a:latest"}),
        ("docker image prune -f", set(), set(), {"docker-images"}),
        ("docker builder prune -af", set(), set(), {"docker-builds"}),
        ("docker buildx create --use --buildkitd-config b.toml", {"b.toml"}, set(), {"docker-builds", "docker-builder"}),
        ("docker buildx create --name x --config=b.toml --append", {"b.toml"}, set(), {"docker-builds", "docker-builder"}),
        ("docker images", set(), set(), {"docker-images"}),
        ("docker inspect a", set(), set(), set()),
        ("docker save a -o a.tar", set(), {"a.tar/**"}, set()),
        ("docker load -i a.tar", {"a.tar/**"}, set(), {"docker-images"}),
        ("docker run --rm --network none -v ./web:/app x build", set(), {"web/**"}, set()),
        ("docker run --rm --network=none -v ./web:/app:ro,z x", {"web/**"}, set(), set()),
        ("docker run --mount type=bind,source=web,target=/x,readonly x", {"web/**"}, set(), set()),
        ("docker run -v data:/x -v /anonymous --name n x", set(), set(), {"docker-volume:data", "docker-container:n"}),
        ("docker run -p 8080:80 -p 127.0.0.1:90-91:90-91/tcp -p 99 x", set(), set(), {"port:8080", "port:90", "port:91"}),
        ("hadolint web/Dockerfile", {"web/Dockerfile/**", ".hadolint.{yaml,yml}"}, set(), set()),
        (
            "cd stack && docker compose build --pull",
            {*STACK, "web/**", "web/Dockerfile", "base/**", "jobs/Dockerfile"},
            set(),
            {"docker-image:shop/web:latest", "docker-image:shop-job:latest"},
        ),
        (
            "docker-compose -f stack/compose.yaml config -q",
            {"stack/compose.yaml", "stack/.env", ".env"},
            set(),
            set(),
        ),
        ("cd stack && docker compose logs -f web", STACK, set(), set()),
        ("cd stack && podman compose pull", STACK, set(), {"docker-images"}),
    ],
)
def test_claims(checkout, text, reads, writes, held):
    assert checkout.recognises(text)
    assert checkout.reads(text) == reads
    assert checkout.writes(text) == writes
    assert checkout.holds(text) == held


def test_a_build_needs_the_images_that_it_starts_from(checkout):
    assert {"docker-image:base:latest", "docker-image:node:22"} <= checkout.shares("docker build web")
    assert "docker-image:build:latest" not in checkout.shares("docker build web")


def test_what_is_ignored_is_not_sent(checkout):
    sent = {path: checkout.may_read("docker build lean", f"lean/{path}") for path in (
        "node_modules/x", "src/node_modules/x", "a.log", "src/a.log", "docs/a", "src/__pycache__/x", "src/x")}  # fmt: skip
    assert [path for path, is_sent in sent.items() if is_sent] == ["src/node_modules/x", "src/a.log", "src/x"]


def test_the_whole_repository_as_context():
    checkout = FakeCheckout({"Dockerfile": "FROM scratch\n", ".dockerignore": "web\n", "web/package.json": "{}"})
    assert checkout.may_run_together("docker build .", "cd web && npm ci")
    assert not checkout.may_run_together("docker build .", "touch x")
    assert not checkout.may_run_together("docker build -f web/Dockerfile .", "touch web/Dockerfile")


def test_what_is_taken_back_in_is_sent(checkout):
    assert checkout.may_read("docker build picky", "picky/src/x")
    assert checkout.may_read("docker build picky", "picky/src/tmp")
    assert not checkout.may_read("docker build picky", "picky/.git/x")


def test_an_ignore_file_of_one_dockerfile_stands_in_for_the_usual_one():
    files = {"a/Dockerfile": "", "a/Dockerfile.dockerignore": "x\n", "a/.dockerignore": "y\n"}
    assert FakeCheckout(files).may_read("docker build a", "a/y")


@pytest.mark.parametrize(
    ("first", "second", "together"),
    [
        ("docker build web", "cd web && npm run build", False),
        ("docker build .", "cd web && npm run build", False),
        ("docker build api", "cd web && npm run build", True),
        ("docker build -t a lean", "docker build -t b base", True),
        ("docker build -t a lean", "docker build -t a base", False),
        ("docker build -t base base", "docker build -t web web", False),
        ("docker build -t web web", "docker build -t base base", False),
        ("docker build -t a lean", "docker tag a b", False),
        ("docker build -t a lean", "docker push a", False),
        ("docker build -t a:$TAG lean", "docker build -t b base", False),
        ("docker build -t a lean", "docker image prune -f", False),
        ("docker build lean", "docker builder prune -f", False),
        ("docker build lean", "docker buildx build lean", True),
        ("docker build lean", "touch lean/a.log", True),
        ("docker build lean", "touch lean/x", False),
        ("docker build lean", "rm -rf lean/node_modules", True),
        ("docker compose up -d", "cd api && pytest", False),
        ("docker ps", "docker build lean", True),
        ("docker run --network none -v ./web:/x a", "cd web && eslint .", False),
        ("docker run --network none -v ./web:/x a", "cd api && ruff check", True),
        ("cd stack && docker compose build", "docker build -t shop/web base", False),
        ("cd stack && docker compose build", "cd web && npm test", False),
        ("cd stack && docker compose config", "cd web && npm test", True),
    ],
)
def test_pairs(checkout, first, second, together):
    assert checkout.may_run_together(first, second) is together, checkout.why_not(first, second)


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("services: {a: {image: x, env_file: app.env}}", "stack/app.env"),
        ("services: {a: {image: x, env_file: [one.env, {path: ../two.env, required: false}]}}", "two.env"),
        ("services: {a: {image: x, label_file: a.labels}}", "stack/a.labels"),
        ("services: {a: {extends: {file: ../base/common.yaml, service: web}}}", "base/common.yaml"),
        ("services: {a: {extends: {file: ../base/common.yaml, service: web}}}", "base/web.env"),
        ("include: [../base/common.yaml]", "base/web.env"),
        ("include: [{path: [../base/common.yaml], env_file: x.env}]", "stack/x.env"),
        ("include: [../base/common.yaml]", "base/.env"),
        ("services: {a: {image: x, env_file: '${WHERE}/app.env'}}", "stack/any/app.env"),
        ("services: [", "stack/any/app.env"),
    ],
)
@pytest.mark.parametrize("command", ["config", "config -q", "ps", "pull"])
def test_whatever_compose_is_asked_for_it_reads_what_its_files_name(command, text, path):
    common = "services: {web: {image: y, env_file: web.env}}"
    place = FakeCheckout({"stack/compose.yaml": text, "base/common.yaml": common, "api/pyproject.toml": ""})
    assert not place.may_run_together(f"cp example {path}", f"cd stack && docker compose {command}")
    assert not place.may_run_together(f"cp example {path}", f"docker compose -f stack/compose.yaml {command}")


def test_compose_looks_for_overrides_and_for_variables_where_it_is_called():
    place = FakeCheckout({"stack/compose.yaml": "services: {}", "docker-compose.yml": "services: {}"})
    assert not place.may_run_together("cp example stack/compose.override.yaml", "cd stack && docker compose config")
    assert not place.may_run_together("cp example docker-compose.override.yml", "docker compose build")
    assert not place.may_run_together("cp example .env", "docker compose -f stack/compose.yaml ps")
    assert not place.may_run_together("cp example .env", "cd stack && docker compose --project-directory .. ps")
    assert place.may_run_together("cp example docker-compose.override.yml", "docker compose -f docker-compose.yml ps")


def test_compose_files_that_take_each_other_in_come_to_an_end():
    place = FakeCheckout({"compose.yaml": "include: [a.yaml]", "a.yaml": "include: [compose.yaml, 'oci://x/y']"})
    assert place.reads("docker compose -f compose.yaml config") >= {"compose.yaml", ".env", "a.yaml/**"}


def test_a_build_of_services_needs_their_files_of_variables():
    place = FakeCheckout({"compose.yaml": "services: {a: {build: web, env_file: conf/app.env}}", "web/Dockerfile": "FROM x"})
    assert not place.may_run_together("cp example conf/app.env", "docker compose build")
    assert place.may_run_together("cp example conf/other.env", "docker compose build")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("FROM a\nFROM --platform=$BUILDPLATFORM b AS x\nFROM x\n", ("a", "b")),
        ("from \\\n  a:1 as x\nCOPY --from=x a b\nCOPY --from=other a b\nCOPY --from=0 a b\n", ("a:1", "other")),
        ("ARG V=3 W=4\nFROM a:$V\nFROM b:${W}\nFROM c:${X:-5}\nFROM d:${Y}\n", ("a:3", "b:4", "c:5", None)),
        ("RUN --mount=type=bind,from=tools,source=/x x\nFROM scratch\n", ("tools",)),
        ("ARG B=a\nFROM $B\n", ("given",)),
    ],
)
def test_images_of_a_dockerfile(text, expected):
    assert images_needed(text, {"B": "given"}) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a", "a:latest"),
        ("docker.io/library/a:1", "a:1"),
        ("host:5000/a", "host:5000/a:latest"),
        ("a@sha256:1", "a@sha256:1"),
        ("docker.io/x/a", "x/a:latest"),
    ],
)
def test_names_of_images(name, expected):
    assert normal(name) == expected


def test_cores(checkout):
    assert checkout.cpu("docker build lean") == 2.0
    assert checkout.cpu("docker ps") == 1.0


def test_every_subcommand_in_the_table_has_its_group():
    groups = {key.rpartition(" ")[0] for key in TOOLS if " " in key}
    assert {group for group in groups if group not in TOOLS} == set()


def test_every_claim_says_why(checkout):
    for text in (*LOOKING, *OUTSIDE):
        assert all(entry.reason and entry.evidence is Evidence.INFERRED for entry in checkout.claims(text).entries)
