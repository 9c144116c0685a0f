#!/bin/sh
# Installs the peers that the benchmarks measure against into benchmarks/.peers, and nowhere else. Run it again to update them.
# What cannot be installed is left out; the benchmarks skip it. Needs Python; npm for turbo and moon; apt-get for make and parallel.
set -u
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
peers=$here/.peers
mkdir -p "$peers/bin" "$peers/debian"

link() {
  [ -x "$2" ] && ln -sf "$2" "$peers/bin/$1"
}

debian() { # debian PROGRAM PACKAGE: unpacked beside the rest, for who has no rights to install it
  if found=$(command -v "$1"); then
    link "$1" "$found"
  elif (cd "$peers/debian" && apt-get -q download "$2" && for file in "$2"_*.deb; do dpkg-deb -x "$file" .; done); then
    link "$1" "$peers/debian/usr/bin/$1"
  fi
}

python3 -m venv "$peers/python"
for package in go-task-bin ninja rust-just; do
  "$peers/python/bin/pip" install -q --disable-pip-version-check --upgrade "$package"
done
for program in task ninja just; do
  link "$program" "$peers/python/bin/$program"
done

if command -v npm >/dev/null; then
  for package in turbo @moonrepo/cli; do
    npm install --silent --no-audit --no-fund --prefix "$peers/node" "$package"
  done
  for program in turbo moon; do
    link "$program" "$peers/node/node_modules/.bin/$program"
  done
fi

debian make make
debian parallel parallel

for program in task make ninja just parallel turbo moon; do
  if [ -x "$peers/bin/$program" ]; then
    echo "$program: $("$peers/bin/$program" --version 2>/dev/null | head -n 1)"
  else
    echo "$program: not installed"
  fi
done
