#!/usr/bin/env bash
# Sets up what vaegui needs on this machine. Called by the Makefile:
#   setup.sh libraries [xvfb]      the system libraries of the window, and a display for tests
#   setup.sh environment FOLDER    a virtual environment with vaegui and its tools
#   setup.sh constraints           constraints.txt anew
# Written for the bash 3.2 of macOS, too.
set -euo pipefail
cd "$(dirname "$0")/.."

say() { echo "setup: $*" >&2; }

# The newest Python that vaegui runs on, or $PYTHON. A name on PATH may be a shim that does not run.
find_python() {
    local candidate
    for candidate in ${PYTHON:-python3.13 python3.12 python3.11 python3 python}; do
        if "$candidate" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' \
            2>/dev/null; then
            echo "$candidate"
            return
        fi
    done
    say "vaegui needs Python 3.11, 3.12 or 3.13, and ${PYTHON:-none on PATH} is not one of them."
    say "Install one (Debian, Ubuntu: apt-get install python3 python3-venv; else python.org),"
    say "or name one: PYTHON=/path/to/python3.12 make run"
    exit 1
}

# Installs Debian packages as root; otherwise says what to type. Returns 1 if it could not.
apt_install() {
    if [ "$(id -u)" != 0 ]; then
        say "please run:  sudo apt-get install -y $*"
        return 1
    fi
    say "installing $*"
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq >/dev/null || say "apt-get update failed; trying with the lists at hand"
    apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

libraries() {
    command -v apt-get >/dev/null || return 0
    local present missing="" library package
    present=$(PATH="$PATH:/sbin:/usr/sbin" ldconfig -p)
    while read -r library package; do
        case $library in '' | '#'*) continue ;; esac
        case $present in *"$library "*) ;; *) missing="$missing $package" ;; esac
    done <resources/debian-packages.txt
    [ -d /usr/share/fonts/truetype ] || missing="$missing fonts-dejavu-core"
    if [ "${1-}" = xvfb ]; then
        command -v Xvfb >/dev/null || missing="$missing xvfb"
        command -v xauth >/dev/null || missing="$missing xauth"
    fi
    # shellcheck disable=SC2086  # a list of names
    [ -z "$missing" ] || apt_install $missing || say "going on without them"
}

# A virtual environment in folder $1. An existing one is kept if it still runs.
make_venv() {
    "$1/bin/python" -c 'import sys, pip' 2>/dev/null && return
    local python version
    python=$(find_python)
    version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    if ! "$python" -c 'import ensurepip, venv' 2>/dev/null && command -v apt-get >/dev/null; then
        apt_install "python$version-venv"
    fi
    say "making $1 with Python $version"
    "$python" -m venv --clear "$1"
}

environment() {
    make_venv "$1"
    say "installing packages (about 2 GB with TensorFlow; minutes the first time)"
    "$1/bin/python" -m pip install --quiet --disable-pip-version-check \
        --constraint constraints.txt --editable '.[dev]'
}

constraints() {
    fresh=$(mktemp -d)
    trap 'rm -rf "$fresh"' EXIT
    make_venv "$fresh"
    "$fresh/bin/python" -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
    {
        echo "# The exact versions that vaegui was tested with; \`make run\` and \`make test\` install these."
        echo "# Renew with \`make constraints\`, then run \`make test\`."
        "$fresh/bin/python" -m pip freeze --exclude-editable
    } >"$fresh/constraints.txt"
    cp "$fresh/constraints.txt" constraints.txt
    say "wrote constraints.txt; now run make test"
}

case ${1-} in
libraries | environment | constraints) "$@" ;;
*)
    sed -n '2,5s/^# \{0,1\}//p' "$0" >&2
    exit 2
    ;;
esac
