# The set-up that quickstart and test share. Sourced, not run: both set `log` (a file) before they call anything here.
# Every step looks first whether there is something to do, so that the second run needs neither network nor time.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
mkdir -p build
venv=$root/.venv
# The same object files serve every build folder.
export CCACHE_BASEDIR=$root CCACHE_NOHASHDIR=1
# A caller's own environment must not decide what is built here.
unset VIRTUAL_ENV PYTHONPATH PYTHONHOME CMAKE_GENERATOR
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1

if [[ -t 1 && -z ${NO_COLOR:-} ]]; then bold=$'\e[1m' dim=$'\e[2m' red=$'\e[31m' green=$'\e[32m' plain=$'\e[0m'
else bold='' dim='' red='' green='' plain=''; fi

step() { printf '%s==>%s %s\n' "$bold" "$plain" "$*"; }

fail() {
  printf '%smailroll: %s%s\n' "$red" "$*" "$plain" >&2
  exit 1
}

# Runs a command into the log; shows the log's end if it fails.
quietly() {
  printf '\n$ %s\n' "$*" >>"$log"
  if ! "$@" >>"$log" 2>&1; then
    printf '%s\n' "${dim}--- last lines of ${log#"$root"/}${plain}" >&2
    tail -n 40 "$log" >&2
    fail "failed: $* (all of it: ${log#"$root"/})"
  fi
}

as_root() {
  if ((EUID == 0)); then "$@"
  elif command -v sudo >/dev/null; then sudo "$@"
  else fail "packages are missing and this is neither root nor sudo; install them yourself: $*"; fi
}

# install_packages KIND...: the packages of scripts/packages of those kinds, and of them what dpkg does not have.
install_packages() {
  local wanted=() missing=() kind package
  while read -r kind package; do
    [[ " $* " == *" $kind "* ]] && wanted+=("$package")
  done < <(grep -v '^#' scripts/packages)
  command -v dpkg-query >/dev/null || fail "this is no Debian: install what scripts/packages lists, then use CMake (CONTRIBUTING.md)"
  local have
  have=$(dpkg-query -W -f='${db:Status-Abbrev} ${Package}\n' "${wanted[@]}" 2>/dev/null | sed -n 's/^ii *//p' || true)
  for package in "${wanted[@]}"; do
    grep -qx "$package" <<<"$have" || missing+=("$package")
  done
  if ((${#missing[@]} == 0)); then
    step "Debian packages: all ${#wanted[@]} there"
    return
  fi
  step "Debian packages: installing ${#missing[@]} of ${#wanted[@]}"
  export DEBIAN_FRONTEND=noninteractive
  quietly as_root apt-get update
  local install=(as_root apt-get install -y --no-install-recommends "${missing[@]}")
  if [[ " ${missing[*]} " == *" postgresql "* ]]; then quietly without_a_cluster "${install[@]}"; else quietly "${install[@]}"; fi
}

# without_a_cluster INSTALL...: Debian's PostgreSQL comes with a cluster of its own, which runs from then on. The tests have theirs
# (scripts/servers): so nothing is started, and a cluster that was not there before is taken away again.
without_a_cluster() (
  before=$(ls -d /etc/postgresql/*/main 2>/dev/null)
  policy=/usr/sbin/policy-rc.d
  if [[ ! -e $policy ]]; then
    trap 'as_root rm "$policy"' EXIT
    as_root install -m 755 /dev/stdin "$policy" <<<$'#!/bin/sh\nexit 101'
  fi
  "$@" || return
  for cluster in /etc/postgresql/*/main; do
    if [[ -d $cluster ]] && ! grep -qxF "$cluster" <<<"$before"; then
      as_root pg_dropcluster --stop "$(basename "$(dirname "$cluster")")" main || return
    fi
  done
)

# make_venv REQUIREMENT...: .venv on Debian's own Python, with these from PyPI.
make_venv() {
  local python=/usr/bin/python3
  [[ -x $python ]] || python=$(command -v python3) || fail "no python3"
  if ! "$venv/bin/python" -c '' 2>/dev/null || ! "$venv/bin/python" -m pip --version >/dev/null 2>&1; then
    step "Python environment: making .venv"
    rm -rf "$venv"
    quietly "$python" -m venv "$venv"
  fi
  local stamp=$venv/.requirements wanted
  wanted=$(printf '%s\n' "$@")
  # One list for both commands: what one has put in, the other does not ask for again.
  if [[ -f $stamp ]] && ! grep -vxFf "$stamp" <<<"$wanted" >/dev/null; then
    step "Python packages: all there"
    return
  fi
  step "Python packages: installing from PyPI"
  quietly "$venv/bin/python" -m pip install -q "$@"
  printf '%s\n' "$wanted" | sort -u - "$([[ -f $stamp ]] && echo "$stamp" || echo /dev/null)" -o "$stamp"
}

# What the installed package is made from, as one hash.
sources_hash() {
  find CMakeLists.txt pyproject.toml cmake core backends bindings cli python -type f ! -name '*.pyc' ! -name '*.md' -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -c1-64
}

build_requirements=("scikit-build-core>=0.11" "pybind11>=3.0")

# install_mailroll: package and program into .venv, if their sources changed since the last time.
install_mailroll() {
  local stamp=$venv/.mailroll-sources hash
  hash=$(sources_hash)
  if [[ -x $venv/bin/mailroll && -f $stamp && $(<"$stamp") == "$hash" ]]; then
    step "mailroll: installed in .venv, nothing changed"
    return
  fi
  step "mailroll: building and installing into .venv ${dim}(log: ${log#"$root"/})${plain}"
  rm -f "$stamp"
  # Without build isolation the build folder keeps its pybind11 in one place and compiles only what changed.
  quietly "$venv/bin/python" -m pip install -v --no-build-isolation --no-deps --force-reinstall .
  printf '%s' "$hash" >"$stamp"
}

test_requirements=(pytest hypothesis email-validator mypy ruff "sqlglot==30.*")
