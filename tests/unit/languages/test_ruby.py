"""What the Ruby plugin makes of commands: claims, evidence, effect."""

from __future__ import annotations

import itertools

import pytest

from paratask.claims.conflicts import conflict
from paratask.claims.model import Access, Claims, Effect, Evidence
from paratask.claims.overlap import overlap
from paratask.languages.ruby import plugin as ruby
from paratask.languages.ruby.bundles import locked_paths
from paratask.plugins.hookspecs import Delegation, Recognition
from paratask.testing import FakeCheckout, patterns_of

API, CORE, SITE = "gems/api", "gems/core", "site"
LOCK = "PATH\n  remote: {remote}\n  specs:\n    {name} (0.1.0)\n      rack (>= 2)\n\nGEM\n  remote: https://rubygems.org/\n  specs:\n    rack (3.0)\n"
RAKEFILE = """
require "bundler/gem_tasks"
require "rspec/core/rake_task"
require "rake/testtask"
begin
  require "rubocop/rake_task"
  RuboCop::RakeTask.new do |t|
    t.options = ["--display-time"]
  end
rescue LoadError
  warn "no rubocop"
end

RSpec::Core::RakeTask.new(:spec) do |t|
  t.rspec_opts = "--format progress"
end
Rake::TestTask.new do |t|
  t.libs << "test"
  t.test_files = FileList["test/**/*_test.rb"]
end
namespace :docs do
  desc "lists them"
  task :list do
    sh "yard stats"
  end
  task all: [:list]
end
task :program do
  File.write("x", "y")
end
task ci: %i[program spec]
task default: %w[spec rubocop]
"""
FILES = {
    f"{API}/Gemfile": 'source "https://rubygems.org"\ngemspec\ngem "core", path: "../core"\n',
    f"{API}/Gemfile.lock": LOCK.format(remote="../core", name="core"),
    f"{API}/api.gemspec": "",
    f"{API}/Rakefile": RAKEFILE,
    f"{CORE}/core.gemspec": "",
    f"{CORE}/Gemfile": "gemspec\n",
    f"{CORE}/Gemfile.lock": LOCK.format(remote=".", name="core"),
    f"{SITE}/Gemfile": 'gem "jekyll"\n',
    f"{SITE}/Gemfile.lock": "GEM\n",
    "lone/lone.gemspec": "",
}
APP = {
    "app/Gemfile": 'gem "rails"\n',
    "app/Gemfile.lock": "GEM\n",
    "app/config/application.rb": "",
    "app/config/database.yml": "",
    "app/Rakefile": 'require_relative "config/application"\nRails.application.load_tasks\n',
    "app/bin/rails": "#!/usr/bin/env ruby\nAPP_PATH = File.expand_path('../config/application', __dir__)\n"
    "require_relative '../config/boot'\nrequire 'rails/commands'\n",
    "app/bin/rake": "#!/usr/bin/env ruby\nrequire_relative '../config/boot'\nrequire 'rake'\nRake.application.run\n",
    "app/bin/setup": "#!/usr/bin/env ruby\nsystem('bundle install')\n",
    "app/bin/rspec": '#!/usr/bin/env ruby\nENV["BUNDLE_GEMFILE"] ||= File.expand_path("../Gemfile", __dir__)\n'
    'bundle_binstub = File.expand_path("bundle", __dir__)\nif File.file?(bundle_binstub)\n'
    "  if File.read(bundle_binstub, 300).include?('x')\n    load(bundle_binstub)\n  end\nend\n"
    'require "bundler/setup"\nload Gem.bin_path("rspec-core", "rspec")\n'.replace(".include?('x')", " =~ /x/"),
    "app/bin/serve": "#!/bin/sh\nexec ruby x.rb\n",
    "app/bin/more": '#!/usr/bin/env ruby\nload Gem.bin_path("rspec-core", "rspec")\nsystem("rm -rf ..")\n',
}
IN_API, IN_CORE, IN_APP = f"cd {API} && ", f"cd {CORE} && ", "cd app && "


def claims_of(text: str, files: dict[str, str] | None = None) -> Claims:
    return FakeCheckout({**FILES, **APP} if files is None else files).command_claims(text, "/repo")


def writes(text: str, files: dict[str, str] | None = None) -> set[str]:
    return patterns_of(claims_of(text, files), Access.WRITE)


def reads(text: str, path: str, files: dict[str, str] | None = None) -> bool:
    return any(overlap(pattern, path) for pattern in patterns_of(claims_of(text, files), Access.READ))


READ_ONLY = [
    "rubocop",
    "rubocop --parallel lib spec",
    "rubocop -P --format progress --only Layout/LineLength",
    "bundle exec rubocop",
    "bundle exec rubocop --parallel",
    "BUNDLE_GEMFILE=Gemfile bundle exec rubocop",
    "RUBYOPT=-W0 bundle exec standardrb",
    "standardrb --no-fix",
    "reek lib",
    "brakeman -q -z --no-pager",
    "bundle exec erb_lint --lint-all",
    "haml-lint app/views",
    "srb tc",
    "srb",
    "bundle exec srb tc --max-threads 4",
    "steep check -j 4",
    "rufo --check lib",
    "bundle check",
    "bundle outdated",
    "bundle list",
    "bundle info rack",
    "bundle show",
    "bundle config get path",
    "bundle config",
    "bundle-audit check --update",
    "bundle exec bundle-audit check",
    "ruby -c lib/api.rb",
    "ruby -wc lib/api.rb lib/x.rb",
    "gem list",
    "gem environment",
    "rake rubocop",
]
WHOLE_WORKSPACE = [
    "rspec",
    "rspec spec/a_spec.rb:12 --format documentation --tag ~slow -b",
    "rspec 'spec/a_spec.rb[1:2]'",
    "bundle exec rspec --format progress --out rspec.txt",
    "bundle exec rspec -r rails_helper -I lib",
    "bundle exec parallel_rspec spec -n 4",
    "ruby -Ilib -Itest test/a_test.rb",
    "ruby -Ilib:test test/a_test.rb -v -n /adds/",
    "ruby -w -I test -rminitest/autorun test/test_a.rb --seed 1",
    "ruby -Itest -e 'Dir.glob(\"./test/**/*_test.rb\").each { |f| require f }'",
    "ruby -Ilib:test -e 'Dir[\"./test/*_test.rb\"].each(&method(:require))'",
    "bundle exec ruby -Itest test/a_test.rb",
    "ruby -S rspec",
    "bundle exec cucumber --tags @fast",
    "rake",
    "rake spec",
    "rake test TEST=test/a_test.rb",
    "bundle exec rake",
    "bundle exec rake spec rubocop",
    "rake rubocop:autocorrect",
    "rake build",
    "gem build api.gemspec",
    "rubocop -a",
    "rubocop -A --display-time",
    "rubocop -x",
    "rubocop --auto-gen-config",
    "standardrb --fix",
    "rufo .",
]
OUTSIDE = [
    "gem push api-0.1.0.gem",
    "gem yank api -v 0.1.0",
    "gem owner --add x@y.z api",
    "bundle exec rake release",
    "rake release",
    "cap production deploy",
    "bundle exec cap staging deploy",
    "kamal deploy",
    "cucumber --publish",
]
NOT_RECOGNISED = [
    "ruby script.rb",
    "ruby -e 'puts 1'",
    "ruby -Itest -e 'Dir.glob(\"../x/*_test.rb\").each { |f| require f }'",
    'ruby -e \'system("rm"); require "x"\'',
    "ruby -e 'require `ls`'",
    "ruby",
    "ruby $FILE",
    "ruby test/a_test.rb --unheard-of",
    "ruby -Itest test/a_test.rb $ARGS",
    "ruby -I $X test/a_test.rb",
    "irb",
    "bundle exec",
    "bundle exec unheard-of",
    "bundle exec $TOOL",
    "bundle exec ruby script.rb",
    "bundle unheard-of",
    "bundle console",
    "bundle install --unheard-of",
    "bundle install --standalone",
    "bundle install --path $X",
    "bundle --unheard-of",
    "BUNDLE_GEMFILE=$X bundle exec rspec",
    "BUNDLE_APP_CONFIG=../x bundle exec rspec",
    "SPEC_OPTS='--out ../x' rspec",
    "RUBYOPT=-r./x rspec",
    "RUBYOPT=$X rspec",
    "rspec --unheard-of",
    "rspec $FILES",
    "rspec --out $X",
    "rubocop --unheard-of",
    "rubocop --server",
    "rake unheard-of",
    "rake program",
    "rake ci",
    "rake 'build[x]'",
    "rake spec SPEC_OPTS=--out=../x",
    "rake -f other.rake",
    "rake $TASK",
    "rails generate model x",
    "rails runner x.rb",
    "rails unheard-of",
    "RAILS_ENV=production rails db:migrate",
    "rails db:migrate unheard-of",
    "rails db:migrate DATABASE_URL=x",
    "RAILS_ENV=$X rails db:migrate",
    "gem install $X/x.gem",
    "gem unheard-of",
    "gem fetch rack",
    "./bin/unheard-of",
    "bin/rspec",
    "yard server",
    "yard $X",
    "srb init",
    "bundle-audit unheard-of",
    "jekyll build -d $X",
    "jekyll new x",
]
PRINTING = [
    "ruby --version",
    "bundle --version",
    "bundle exec --help",
    "gem --version",
    "rspec --version",
    "rubocop -V",
    "rake -V",
]


@pytest.mark.parametrize("text", READ_ONLY)
def test_checks_write_nothing(text):
    claims = claims_of(IN_API + text)
    assert claims.evidence is Evidence.INFERRED
    assert claims.effect is Effect.LOCAL
    assert patterns_of(claims, Access.WRITE, Access.EXCLUSIVE) == set()


@pytest.mark.parametrize("text", WHOLE_WORKSPACE)
def test_what_works_in_the_whole_workspace(text):
    claims = claims_of(IN_API + text)
    assert claims.evidence is Evidence.INFERRED
    assert claims.effect is Effect.LOCAL
    assert f"{API}/**" in patterns_of(claims, Access.WRITE)
    assert not any(pattern.startswith((CORE, "**")) for pattern in patterns_of(claims, Access.WRITE))
    assert patterns_of(claims, Access.EXCLUSIVE) == set()


@pytest.mark.parametrize("text", OUTSIDE)
def test_effects_that_others_can_see_are_outside(text):
    claims = claims_of(IN_API + text)
    assert claims.evidence is Evidence.INFERRED
    assert claims.effect is Effect.OUTSIDE
    assert claims.effect_reason


@pytest.mark.parametrize("text", NOT_RECOGNISED)
def test_what_is_not_understood_claims_everything(text):
    assert claims_of(IN_API + text).evidence is Evidence.NONE


@pytest.mark.parametrize("text", PRINTING)
def test_asking_for_a_version_touches_nothing(text):
    claims = claims_of(text)
    assert claims.evidence is Evidence.INFERRED
    assert patterns_of(claims, Access.READ, Access.WRITE, Access.EXCLUSIVE) == set()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{IN_API}rubocop -a lib spec", {f"{API}/lib/**", f"{API}/spec/**"}),
        (f"{IN_API}rubocop --out ../report.txt", {"gems/report.txt/**"}),
        (f"{IN_API}rspec ../core/spec", {f"{API}/**", f"{CORE}/**"}),
        (f"{IN_API}rspec --out ../rspec.xml", {f"{API}/**", "gems/rspec.xml/**"}),
        (f"{IN_API}bundle install", {f"{API}/Gemfile.lock", f"{API}/.bundle/**", f"{API}/vendor/bundle/**"}),
        (f"{IN_API}bundle", {f"{API}/Gemfile.lock", f"{API}/.bundle/**", f"{API}/vendor/bundle/**"}),
        (
            f"{IN_API}bundle install --frozen --path ../../gems-installed",
            {f"{API}/.bundle/**", f"{API}/vendor/bundle/**", "gems-installed/**"},
        ),
        (f"{IN_API}bundle install --jobs 4 --retry 3", {f"{API}/Gemfile.lock", f"{API}/.bundle/**", f"{API}/vendor/bundle/**"}),
        (f"{IN_API}bundle lock --update", {f"{API}/Gemfile.lock"}),
        (
            f"{IN_API}bundle add rack",
            {f"{API}/Gemfile.lock", f"{API}/Gemfile", f"{API}/.bundle/**", f"{API}/vendor/bundle/**"},
        ),
        (f"{IN_API}bundle binstubs rspec-core", {f"{API}/Gemfile.lock", f"{API}/bin/**"}),
        (f"{IN_API}bundle config set --local path vendor/bundle", {f"{API}/.bundle/**"}),
        (f"cd {API}/lib && bundle lock", {f"{API}/Gemfile.lock"}),
        ("cd lone && gem build lone.gemspec", {"lone/**"}),
        ("cd lone/lib && rspec", {"lone/**"}),
        (f"{IN_API}yard doc", {f"{API}/doc/**", f"{API}/.yardoc/**"}),
        (f"{IN_API}yardoc -o ../docs", {f"{API}/doc/**", f"{API}/.yardoc/**", "gems/docs/**"}),
        (f"{IN_API}rdoc lib", {f"{API}/doc/**"}),
        (f"cd {SITE} && jekyll build -d ../public", {f"{SITE}/**", "public/**"}),
        (f"cd {SITE} && bundle exec jekyll clean", {f"{SITE}/**"}),
        (f"cd {SITE} && jekyll doctor", {f"{SITE}/**"}),
        ("gem install rake", set()),
        ("gem install --install-dir vendored rake", {"vendored/**"}),
        (f"{IN_APP}bin/rails db:migrate", {"app/**"}),
        (f"{IN_APP}ruby bin/rails test test/models", {"app/**"}),
        (f"{IN_APP}bin/rspec spec/x_spec.rb", {"app/**"}),
        (f"{IN_APP}bin/rake db:schema:load", {"app/**"}),
    ],
)
def test_writes(text, expected):
    claims = claims_of(text)
    assert claims.evidence is Evidence.INFERRED
    assert patterns_of(claims, Access.WRITE) == expected


@pytest.mark.parametrize(
    ("text", "held"),
    [
        (f"{IN_API}bundle install", {"gem-store"}),
        (f"{IN_API}bundle update", {"gem-store"}),
        (f"{IN_API}bundle pristine", {"gem-store"}),
        (f"{IN_API}bundle clean", {"gem-store"}),
        (f"{IN_API}bundle install --deployment", set()),
        (f"{IN_API}BUNDLE_PATH=vendor/bundle bundle install", set()),
        (f"{IN_API}bundle lock", set()),
        (f"{IN_API}bundle config set --global path x", {"bundle-settings"}),
        ("gem install rake", {"gem-store"}),
        ("gem update --system", {"gem-store"}),
        (f"{IN_API}rspec", set()),
        (f"{IN_APP}rspec", {"database"}),
        (f"{IN_APP}bundle exec rspec", {"database"}),
        (f"{IN_APP}rails test", {"database"}),
        (f"{IN_APP}bin/rails db:drop db:create db:migrate VERSION=1", {"database"}),
        (f"{IN_APP}bin/rails db:prepare", {"database"}),
        (f"{IN_APP}RAILS_ENV=test bin/rails db:setup", {"database"}),
        (f"{IN_APP}bundle exec rake db:migrate", {"database"}),
        (f"{IN_APP}ruby -Itest test/a_test.rb", {"database"}),
        (f"{IN_APP}bundle exec rubocop", set()),
        (f"{IN_APP}rails server -p 3005", {"port:3005"}),
        (f"{IN_APP}bin/rails s", {"port:3000"}),
        (f"{IN_APP}puma -b tcp://127.0.0.1:9293", {"port:9293"}),
        (f"{IN_APP}rackup", {"port:9292"}),
        (f"cd {SITE} && bundle exec jekyll serve -P 4001", {"port:4001"}),
    ],
)
def test_what_is_held(text, held):
    claims = claims_of(text)
    assert claims.evidence is Evidence.INFERRED
    assert patterns_of(claims, Access.EXCLUSIVE) == held
    assert claims.effect is Effect.LOCAL


@pytest.mark.parametrize("name", ["bin/setup", "bin/serve", "bin/more", "bin/unheard-of"])
def test_a_script_of_the_repository_that_does_more_than_start_a_gem_is_not_known(name):
    assert claims_of(IN_APP + name).evidence is Evidence.NONE


def test_a_binstub_of_bundler_runs_in_the_bundle_beside_it():
    assert reads("app/bin/rspec app/spec", "app/Gemfile.lock")
    assert patterns_of(claims_of("app/bin/rails --version"), Access.WRITE) == set()


def test_a_gem_that_is_made_of_another_reads_it():
    for text in ("rspec", "bundle exec rspec", "bundle exec rubocop", "rake spec", "bundle install"):
        assert reads(IN_API + text, f"{CORE}/lib/core.rb"), text
    assert not reads(f"{IN_CORE}bundle exec rspec", f"{API}/lib/api.rb")
    assert not reads(f"{IN_API}rubocop", f"{CORE}/lib/core.rb")


@pytest.mark.parametrize(
    "gemfile",
    [
        'gem "core", path: "../core"\n',
        'gem "core", "~> 1", :path => "../core", require: false\n',
        'gem "core", path: File.expand_path("../core", __dir__)\n',
        'gem "core", path: File.join(__dir__, "..", "core")\n',
        'gem "core", path: "#{__dir__}/../core"\n',
        'path "../core" do\n  gem "core"\nend\n',
        'path("..") { gem "core" }\n',
        'group :test do\n  if ENV["X"]\n    gem "core", path: ".."\n  end\nend\n',
        'gemspec path: "../core"\n',
        'eval_gemfile "../shared.rb"\n',
    ],
)
def test_a_gemfile_without_a_lock_is_read_itself(gemfile):
    files = {
        f"{API}/Gemfile": gemfile,
        f"{CORE}/core.gemspec": "",
        "gems/shared.rb": 'gem "core", path: "core"\n',
        "other/x.rb": "",
    }
    assert reads(f"{IN_API}bundle exec rspec", f"{CORE}/lib/core.rb", files)
    assert not reads(f"{IN_API}bundle exec rspec", "other/x.rb", files)
    assert f"{API}/Gemfile.lock" in writes(f"{IN_API}bundle exec rubocop", files), "Bundler makes one"


@pytest.mark.parametrize(
    "gemfile",
    [
        '%w[core].each { |name| gem name, path: "../#{name}" }\n',
        'gem "core", path: ENV["CORE"]\n',
        'gem "core", **local\n',
        'gem "core", options\n',
        "eval_gemfile shared\n",
        "eval File.read('../x')\n",
        "gem 'core', path:\n  )\n",
    ],
)
def test_a_gemfile_that_cannot_be_seen_through_may_name_any_folder(gemfile):
    files = {f"{API}/Gemfile": gemfile, "other/x.rb": ""}
    assert reads(f"{IN_API}bundle exec rubocop", "other/x.rb", files)
    locked = {**files, f"{API}/Gemfile.lock": LOCK.format(remote="../core", name="core"), f"{CORE}/core.gemspec": ""}
    bounded = "eval" not in gemfile and ")" not in gemfile
    assert reads(f"{IN_API}bundle exec rubocop", f"{CORE}/lib/core.rb", locked)
    assert reads(f"{IN_API}bundle exec rubocop", "other/x.rb", locked) is not bounded
    assert reads(f"{IN_API}bundle install", "other/x.rb", locked), "the lock may change"


def test_the_lock_is_read_as_the_format_it_is():
    text = "GIT\n  remote: https://x/y\n  specs:\n    y (1)\n\nPATH\n  remote: ../a\n  specs:\n    a (1)\n      b (= 1)\n    b (1)\n\n"
    assert list(locked_paths(text + "PATH\n  remote: .\n  specs:\n    c (1)\n")) == [("../a", ("a", "b")), (".", ("c",))]


def test_a_lock_that_is_being_merged_says_nothing():
    files = {
        **FILES,
        f"{API}/Gemfile.lock": "<<<<<<< a\n" + FILES[f"{API}/Gemfile.lock"],
        f"{API}/Gemfile": "gem 'x', path: y\n",
    }
    assert reads(f"{IN_API}bundle exec rubocop", "other/x.rb", files)


def test_gems_in_folders_below_a_shared_gemfile():
    files = {
        "Gemfile": 'gemspec\npath "." do\n  gem "a"\nend\n',
        "Gemfile.lock": "PATH\n  remote: .\n  specs:\n    a (1)\n    b (1)\n",
        "a/a.gemspec": "",
        "components/b/b.gemspec": "",
    }
    found = patterns_of(claims_of("cd a && bundle exec rspec", {**files, "Gemfile": 'gem "a"\n'}), Access.READ)
    assert any(overlap(pattern, "components/b/lib/b.rb") for pattern in found)
    assert writes("cd a && bundle exec rspec", files) == {"a/**"}


def test_another_gemfile_may_be_named():
    files = {**FILES, "gemfiles/next.gemfile": 'gem "core", path: "../gems/core"\n', "lone/Gemfile": ""}
    for text in (
        "BUNDLE_GEMFILE=../gemfiles/next.gemfile bundle exec rspec",
        "bundle exec --gemfile ../gemfiles/next.gemfile rspec",
    ):
        assert reads(f"cd lone && {text}", f"{CORE}/lib/core.rb", files), text
    assert writes("BUNDLE_GEMFILE=gemfiles/next.gemfile bundle lock", files) == {"gemfiles/next.gemfile.lock"}
    assert "gemfiles/next.gemfile.lock" in writes("bundle install --gemfile gemfiles/next.gemfile", files)


def test_gems_of_the_bundle_lie_where_its_configuration_says():
    files = {**FILES, f"{API}/.bundle/config": '---\nBUNDLE_PATH: "../../store"\n'}
    assert "store/**" in writes(f"{IN_API}bundle install", files)
    assert patterns_of(claims_of(f"{IN_API}bundle install", files), Access.EXCLUSIVE) == set()
    assert reads(f"{IN_API}bundle exec rubocop", "store/x.rb", files)
    assert "gem-store" in patterns_of(claims_of(f"{IN_API}bundle exec rubocop", files), Access.SHARED)


def test_extensions_of_gems_in_the_checkout_are_built_in_place():
    files = {**FILES, f"{CORE}/ext/core/extconf.rb": ""}
    assert f"{CORE}/**" in writes(f"{IN_API}bundle install", files)


def test_what_sources_name_beyond_their_folder_is_read():
    files = {"a/Gemfile": "", "a/test/a_test.rb": 'require_relative "../../b/lib/b"\n', "b/Gemfile": "", "c/Gemfile": ""}
    assert reads("cd a && ruby -Itest test/a_test.rb", "b/lib/b.rb", files)
    assert not reads("cd a && ruby -Itest test/a_test.rb", "c/lib/c.rb", files)
    assert conflict(claims_of("cd a && ruby -Itest test/a_test.rb", files), claims_of("cd b && rubocop -a", files))


@pytest.mark.parametrize(
    ("name", "text", "tool", "evidence"),
    [
        (".rspec", "--require spec_helper\n--format documentation # c\n", "rspec", Evidence.INFERRED),
        (".rspec", "--unheard-of\n", "rspec", Evidence.NONE),
        (".rspec-local", "--unheard-of\n", "rspec", Evidence.NONE),
        (".rspec", "--color\n", "parallel_rspec spec", Evidence.INFERRED),
        (".rspec_parallel", "--out x.txt\n", "parallel_rspec spec", Evidence.NONE),
        (".rspec", "--format <%= ENV['X'] %>\n", "bundle exec rspec", Evidence.NONE),
        (".rubocop", "--display-time\n", "rubocop", Evidence.INFERRED),
        ("sorbet/config", "--dir\n.\n--ignore=/vendor/bundle\n", "srb tc", Evidence.INFERRED),
        ("sorbet/config", "--cache-dir=$X\n", "srb tc", Evidence.NONE),
        (".rdoc_options", "op_dir: ../x\n", "rdoc", Evidence.NONE),
        (".yardopts", "--private\n-o ../docs\nlib/**/*.rb\n", "yard doc", Evidence.INFERRED),
    ],
)
def test_files_of_options_count(name, text, tool, evidence):
    assert claims_of(IN_API + tool, {**FILES, f"{API}/{name}": text}).evidence is evidence


def test_settings_of_rubocop_may_lie_elsewhere():
    files = {**FILES, f"{API}/.rubocop.yml": "inherit_from:\n  - ../shared/rubocop.yml\nrequire: ../shared/cops\n"}
    assert reads(f"{IN_API}rubocop lib", "gems/shared/rubocop.yml", files)
    assert reads(f"{IN_API}rubocop lib", "gems/shared/cops", files)
    assert reads(f"{IN_API}rubocop lib", ".rubocop.yml")
    broken = {**FILES, f"{API}/.rubocop.yml": "["}
    assert claims_of(f"{IN_API}rubocop lib", broken).evidence is Evidence.INFERRED


def test_a_file_of_options_may_name_another_output():
    assert "gems/out.txt/**" in writes(f"{IN_API}rspec", {**FILES, f"{API}/.rspec": "--out ../out.txt\n"})
    assert "public/**" in writes(f"cd {SITE} && jekyll build", {f"{SITE}/_config.yml": "destination: ../public\n"})


def test_configurations_of_a_site_that_the_call_names():
    files = {f"{SITE}/a.yml": "title: x\n", f"{SITE}/b.yml": "destination: ../b\n", "docs/_config.yml": "destination: out\n"}
    assert writes(f"cd {SITE} && jekyll build --config a.yml,b.yml", files) >= {"b/**"}
    assert {"docs/**", "site/out/**"} <= writes(f"cd {SITE} && jekyll build -s ../docs", files)
    assert claims_of(f"cd {SITE} && jekyll build --config missing.yml", files).evidence is Evidence.NONE
    assert claims_of(f"cd {SITE} && jekyll build --config a.toml", files).evidence is Evidence.NONE


@pytest.mark.parametrize(
    "text",
    [
        'Dir["tasks/*.rake"].each { |f| load f }\n',
        'require "./tasks"\n',
        'system("x")\n',
        'if ENV["X"]\n  task :y\nend\n',
        'import "x.rake"\n',
        "require 'unheard/of'\n",
        "x = `ls`\n",
    ],
)
def test_one_statement_that_is_not_understood_hides_all_tasks(text):
    assert claims_of(f"{IN_API}rake spec", {**FILES, f"{API}/Rakefile": RAKEFILE + text}).evidence is Evidence.NONE


def test_a_block_after_a_shell_text_may_do_anything():
    files = {**FILES, f"{API}/Rakefile": "task :a do\n  sh 'rubocop' do |ok, _|\n    File.delete('x')\n  end\nend\n"}
    assert claims_of(f"{IN_API}rake a", files).evidence is Evidence.NONE


def test_tasks_may_come_from_rakelib_and_be_shell_texts():
    files = {**FILES, f"{API}/rakelib/more.rake": "task spec: :before\ntask :before do\n  sh 'rubocop -a ../core'\nend\n"}
    assert f"{CORE}/**" in writes(f"{IN_API}rake spec", files)
    assert writes(f"{IN_API}rake docs:all") == {f"{API}/doc/**", f"{API}/.yardoc/**"}


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        (f"{IN_API}rubocop", f"{IN_API}reek lib", False),
        (f"{IN_API}bundle exec rubocop", f"{IN_API}bundle exec rubocop lib", False),
        (f"{IN_API}bundle exec rubocop", f"{IN_CORE}bundle exec rubocop", False),
        (f"{IN_CORE}bundle exec rspec", "cd lone && rspec", False),
        (f"{IN_CORE}bundle exec rspec", f"cd {SITE} && bundle exec jekyll build", False),
        (f"{IN_CORE}bundle exec rspec", f"{IN_APP}bin/rails test", False),
        (f"{IN_API}bundle exec rspec", f"{IN_CORE}bundle exec rspec", True),
        (f"{IN_API}bundle exec rspec", f"{IN_CORE}rubocop -a", True),
        (f"{IN_API}rubocop -a", f"{IN_API}rubocop", True),
        (f"{IN_API}rubocop -a", f"{IN_API}rspec", True),
        (f"{IN_API}bundle install", f"{IN_API}bundle exec rubocop", True),
        (f"{IN_API}bundle install", f"{IN_CORE}bundle install", True),
        (f"{IN_API}bundle install", "cd lone && rspec", True),
        (f"{IN_API}bundle lock", f"cd {SITE} && bundle lock", False),
        (f"{IN_API}BUNDLE_PATH=v bundle install", "cd lone && rspec", False),
        (f"{IN_APP}bin/rails db:migrate", f"{IN_APP}bin/rails test", True),
        (f"{IN_API}gem build api.gemspec", f"{IN_API}rubocop", True),
        (f"{IN_API}gem build api.gemspec", f"{IN_CORE}gem build core.gemspec", True),
        ("cd lone && gem build lone.gemspec", f"{IN_CORE}gem build core.gemspec", False),
        ("cd lone && yard doc", f"{IN_CORE}yard doc", False),
        ("cd lone && yard doc", "cd lone && yardoc", True),
    ],
)
def test_pairs(left, right, expected):
    assert bool(conflict(claims_of(left), claims_of(right))) is expected
    assert bool(conflict(claims_of(right), claims_of(left))) is expected


def test_two_applications_share_the_resource_that_stands_for_their_databases():
    files = {**APP, **{name.replace("app/", "other/", 1): text for name, text in APP.items()}}
    assert conflict(claims_of("cd app && bin/rails test", files), claims_of("cd other && bin/rails test", files))
    assert not conflict(claims_of("cd app && rubocop", files), claims_of("cd other && bin/rails test", files))


def test_read_only_tools_run_together():
    texts = ["rubocop", "reek", "brakeman", "srb tc", "bundle check", "bundle exec rubocop"]
    for left, right in itertools.combinations(texts, 2):
        assert not conflict(claims_of(IN_API + left), claims_of(IN_API + right)), (left, right)


@pytest.mark.parametrize(
    ("text", "cpu"),
    [
        ("rspec", 1.0),
        ("rubocop", 2.0),
        ("rubocop --no-parallel", 1.0),
        ("parallel_rspec -n 6 spec", 6.0),
        ("steep check -j 3", 3.0),
    ],
)
def test_cpu(text, cpu):
    found = FakeCheckout().recognition(text)
    assert isinstance(found, Recognition | Delegation)
    assert found.cpu == cpu


def test_every_subcommand_in_the_table_has_its_group():
    groups = {key.rpartition(" ")[0] for key in ruby.TOOLS if " " in key}
    assert {group for group in groups if group not in ruby.TOOLS} == set()


def test_the_manifests_are_named():
    assert set(ruby.manifests()) == {"Gemfile", "gems.rb", "*.gemspec"}
    assert set(ruby.manifests()) <= FakeCheckout().manifests()


def test_a_type_checker_follows_no_require():
    files = {
        "gem/Gemfile": "",
        "gem/Gemfile.lock": "",
        "gem/lib/a.rb": 'require_relative "../.."',
        "web/x": "",
        "sig/y.rbs": "",
    }
    for text in ("cd gem && steep check", "cd gem && bundle exec steep check"):
        assert not any(overlap(pattern, "web/x") for pattern in FakeCheckout(files).reads(text))
        more = FakeCheckout({**files, "gem/Steepfile": 'target :lib do\n  check "lib"\n  signature "../sig"\nend\n'})
        assert any(overlap(pattern, "sig/y.rbs") for pattern in more.reads(text))
    assert any(overlap(pattern, "web/x") for pattern in FakeCheckout(files).reads("cd gem && bundle exec rspec"))


@pytest.mark.parametrize("command", ["brakeman -q", "brakeman -c config/brakeman.yml"])
def test_brakeman_writes_the_reports_that_its_settings_name(command):
    place = FakeCheckout({"Gemfile": "", "config/brakeman.yml": ":output_files:\n- ../reports/b.html\n", "reports/x": ""})
    assert not place.may_run_together(command, "ls reports")
    assert FakeCheckout({"Gemfile": "", "config/brakeman.yml": ":quiet: true\n"}).may_run_together(command, "ls reports")
