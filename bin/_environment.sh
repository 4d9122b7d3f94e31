# Sourced by the commands beside it: makes sure of the checkout's environment.
# Needs nothing but a POSIX shell while nothing has to be set up.

# The checkout: the folder above the script, which the script calls `self`, its links resolved.
bin=${self%/*}
root=${bin%/*}

# Makes sure that the environment of the kind $1 (run or dev) is there and fits pyproject.toml.
ensure_environment() {
    # The stamp is written last, so an interrupted set-up has none; it holds the folder, because an
    # environment works only where it was made.
    if [ -x "$root/.venv/bin/python" ] && [ -f "$root/.venv/stamp-$1" ] &&
        [ "$(cat "$root/.venv/stamp-$1")" = "$root
$(cat "$root/pyproject.toml")" ]; then
        return
    fi
    find_python
    "$python" "$root/bin/_set_up.py" "$1" || exit $?
}

# Sets `python` to a Python that is new enough and can make environments, or says what is missing.
find_python() {
    newest=
    for python in python3 python3.14 python3.13 python3.12 python3.11; do
        "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue
        newest=$python
        "$python" -c 'import ensurepip, venv' 2>/dev/null && return
    done
    if [ -n "$newest" ]; then
        echo "error: $newest cannot make environments; install python3-venv (apt install python3-venv)" >&2
    else
        found=$(python3 --version 2>&1) || found="no python3"
        echo "error: chartscribe needs Python 3.11 or later, and here is $found; install a newer Python" >&2
    fi
    exit 2
}
