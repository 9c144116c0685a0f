"""Django's commands: recognised by what `manage.py` says, one at a time on a database, beside what other folders do."""

from __future__ import annotations

import pytest

from paratask.testing import FakeCheckout

MANAGE = (
    "#!/usr/bin/env python\nfrom django.core.management import execute_from_command_line\nexecute_from_command_line(sys.argv)\n"
)
SETTINGS = "STATIC_ROOT = BASE_DIR / 'staticfiles'\n"


def project(settings: str = SETTINGS, manage: str = MANAGE, own: str = "x") -> FakeCheckout:
    return FakeCheckout(
        {
            "api/manage.py": manage,
            "api/pyproject.toml": "",
            "api/app/settings.py": settings,
            f"api/app/management/commands/{own}.py": "",
            "other/manage.py": MANAGE,
            "other/pyproject.toml": "",
            "web/package.json": "{}",
        }
    )


@pytest.mark.parametrize(
    "command",
    [
        "python manage.py test",
        "python manage.py test --parallel 4 app -v 2 --keepdb",
        "./manage.py migrate --noinput",
        "uv run python manage.py makemigrations --check --dry-run",
        "poetry run ./manage.py loaddata fixtures.json",
        "coverage run --source=. manage.py test",
        "python manage.py dumpdata -o dump.json",
    ],
)
def test_commands_on_a_database_keep_to_their_project_and_have_the_database_to_themselves(command):
    place = project()
    assert place.recognises(command, "api")
    assert place.holds(command, "api") == {"database"}
    assert place.may_run_together(f"cd api && {command}", "cd web && npx vitest run")
    assert not place.may_run_together(f"cd api && {command}", "cd other && python manage.py test")


@pytest.mark.parametrize(
    "command",
    [
        "check --deploy",
        "collectstatic --noinput",
        "makemessages -l de",
        "compilemessages",
        "spectacular --file schema.yml --validate",
    ],
)
def test_other_commands_need_no_database(command):
    place = project()
    assert place.recognises(f"python manage.py {command}", "api")
    assert place.may_run_together(f"cd api && python manage.py {command}", "cd other && python manage.py test")


def test_a_server_listens_where_it_is_told():
    assert "port:9000" in project().holds("python manage.py runserver 0.0.0.0:9000", "api")
    assert "port:8000" in project().holds("python manage.py runserver", "api")


def test_a_command_of_the_project_and_another_script_of_that_name_are_not_known():
    assert not project().recognises("python manage.py import_all", "api")
    assert not project(manage="import click\n").recognises("python manage.py test", "api")
    assert not project().recognises("python api/manage.py test")


@pytest.mark.parametrize(
    "settings",
    [
        "",
        "STATIC_ROOT = BASE_DIR.parent / 'static'",
        "STATIC_ROOT = os.environ['STATIC']",
        "STATIC_ROOT = '/var/www/static'",
        SETTINGS + "STORAGES = {'staticfiles': {'BACKEND': 'storages.backends.s3.S3Storage'}}",
    ],
)
def test_static_files_that_are_put_elsewhere_are_not_understood(settings):
    assert not project(settings).recognises("python manage.py collectstatic --noinput", "api")


@pytest.mark.parametrize("name", ["migrate", "collectstatic", "runserver"])
def test_a_command_that_a_project_has_its_own_version_of_was_taken_for_that_of_django(name):
    assert project().recognises(f"python manage.py {name}", "api")
    assert not project(own=name).recognises(f"python manage.py {name}", "api")


@pytest.mark.parametrize("command", ["migrate --settings=app.settings.production", "flush --noinput --settings app.staging"])
def test_a_database_that_others_use_was_taken_for_one_of_this_checkout(command):
    assert not project().recognises(f"python manage.py {command}", "api")
    assert not project().recognises("DJANGO_SETTINGS_MODULE=app.prod python manage.py migrate", "api")
    assert project().recognises("DJANGO_SETTINGS_MODULE=app.test python manage.py migrate", "api")


def test_a_server_kept_the_database_to_itself_for_as_long_as_it_ran():
    assert "database" in project().shares("python manage.py runserver", "api")


@pytest.mark.parametrize(
    "base",
    [
        "Path(__file__).resolve().parent.parent.parent",
        "Path(__file__).resolve().parents[2]",
        "os.path.dirname(os.path.dirname(os.path.dirname(__file__)))",
        "environ.Path(__file__) - 3",
    ],
)
def test_static_files_were_put_beside_the_project_by_a_folder_that_has_a_name(base):
    settings = f"BASE_DIR = {base}\n{SETTINGS}"
    assert not project(settings).recognises("python manage.py collectstatic", "api")
    inside = settings.replace(".parent.parent.parent", ".parent.parent").replace("[2]", "[1]").replace("- 3", "- 2")
    inside = inside.replace(
        "os.path.dirname(os.path.dirname(os.path.dirname(__file__)))", "os.path.dirname(os.path.dirname(__file__))"
    )
    assert project(inside).recognises("python manage.py collectstatic", "api")
