#!/usr/bin/env bash
# What is done to this project, by name: `./do TASK`. The gate (.ci/run) is made of the same tasks.
set -euo pipefail
cd "$(dirname "$0")"
python=.venv/bin/python

setup() { # make .venv with all that tests need
    python3 -m venv .venv
    .venv/bin/pip install -q -r requirements-test.lock
    .venv/bin/pip install -q -e '.[test]'
}

test() { # run all tests, or those named: ./do test tests/test_docs.py
    if [ $# -gt 0 ]; then .venv/bin/pytest -q "$@"; else .venv/bin/pytest -n auto; fi
}

quick() { # run all tests but those marked end_to_end or slow, with few examples of each property, on SQLite
    local scratch room # in memory, where there is room: else half of the time is spent waiting for a disk
    local options=(-q -m "not end_to_end and not slow" -o tmp_path_retention_policy=none --ignore=tests/end_to_end)
    room=$(df -Pk /dev/shm 2>/dev/null | awk 'NR == 2 {print $4}' || true)
    scratch=$(mktemp -d -p "$([ "${room:-0}" -gt 2000000 ] && echo /dev/shm || echo "${TMPDIR:-/tmp}")")
    trap "rm -rf '$scratch'" EXIT
    export EXAMPLES=quick
    if [ $# -gt 0 ]; then
        mkdir "$scratch/0" # who has ended takes away all that is in its own
        PYTEST_DEBUG_TEMPROOT=$scratch/0 .venv/bin/pytest "${options[@]}" -n 2 "$@"
    else
        $python tests/support/quick.py "$scratch" "${options[@]}" -p no:cacheprovider
    fi
}

postgres() { # run the end-to-end tests over PostgreSQL, but for what is SQLite's own; is in no gate
    ENGINE=postgres .venv/bin/pytest -n auto -rs "${@:-tests/end_to_end}"
}

lint() { # ruff: mistakes, and the form of the code
    .venv/bin/ruff check "${@:-.}"
    .venv/bin/ruff format --check "${@:-.}"
}

format() { # put the code into its form
    .venv/bin/ruff check --fix-only --quiet .
    .venv/bin/ruff format .
}

types() { # mypy, strict
    .venv/bin/mypy
}

contracts() { # who may import whom
    .venv/bin/lint-imports
}

locks() { # the lock files pin all that pyproject.toml asks for
    $python .ci/locked.py
}

audit() { # known holes in what requirements-extras.lock pins, by pip-audit; needs the network, is in no gate
    local scratch status=0
    scratch=$(mktemp -d)
    python3 -m venv "$scratch/audit"
    if ! "$scratch/audit/bin/pip" install --quiet pip-audit; then
        echo "audit: pip-audit cannot be had here: nothing was looked up" >&2
        rm -rf "$scratch"
        return 1
    fi
    "$scratch/audit/bin/pip-audit" --strict --require-hashes --disable-pip -r requirements-extras.lock || status=$?
    rm -rf "$scratch"
    [ "$status" = 0 ] || echo "audit: a hole, or a package that could not be looked up: see above" >&2
    return "$status"
}

docs() { # write anew what is made from the code: catalogues, tables of commands and of queries
    $python -m storage.languages.update
    $python tests/test_docs.py
}

shows() { # run the service for the picture and the first session in docs/, where these are too old
    test -p no:cacheprovider tests/end_to_end/test_demo.py -k shows_an_alert >/dev/null ||
        $python -m bot demo --picture docs/demo.svg
    test -p no:cacheprovider tests/end_to_end/test_first_session.py >/dev/null || {
        $python benchmarks/first_session.py >docs/first-session.new
        mv docs/first-session.new docs/first-session.md
    }
}

history() { # note the migrations that have come to main, for the tests of upgrades; needs git's history
    $python .ci/history.py
}

faults() { # kills, faults and hostile bytes against the running service, some minutes
    local told chaos
    told=$(mktemp)
    $python benchmarks/chaos.py --minutes 1 --seed 1 >"$told" 2>&1 & # it waits most of its time
    chaos=$!
    trap "kill $chaos 2>/dev/null || true; rm -f '$told'" EXIT
    $python benchmarks/faults.py --short --at-once 3
    wait "$chaos" || {
        cat "$told"
        return 1
    }
    cat "$told"
    if $python benchmarks/chaos.py --minutes 0.2 --seed 1 --without reconcile; then
        echo "benchmarks/chaos.py missed nothing without scans: it does not look" >&2
        return 1
    fi
    $python benchmarks/fuzz_desk.py --count 3000 --seed 1
}

speed() { # from post to stored, in short; benchmarks/ has one program for each thing measured
    $python benchmarks/watching.py --seconds 4
    $python benchmarks/year.py --short
    $python benchmarks/soak.py --short
}

performance() { # all that docs/performance.md tells, measured and written anew: some 20 minutes
    $python benchmarks/performance.py "$@"
}

browser() { # look at the digest's page in Chromium, at the width of a phone and of a desk
    .venv/bin/pytest -q -rs -m browser tests/handlers/render
}

wheel() { # the wheel alone, in a clean environment, shows the demo
    local scratch
    scratch=$(mktemp -d)
    .venv/bin/pip wheel --quiet --no-deps --wheel-dir "$scratch" .
    python3 -m venv "$scratch/clean"
    "$scratch/clean/bin/pip" install --quiet -r requirements.lock
    "$scratch/clean/bin/pip" install --quiet --no-deps "$scratch"/dateline-*.whl
    (cd "$scratch" && timeout 240 clean/bin/dateline demo </dev/null | tee demo.txt)
    tail -n 1 "$scratch/demo.txt" | grep -Eq '^demo: [1-9][0-9]* documents, 1 alert, 1 search, 1 digest$'
    rm -rf "$scratch"
}

image() { # the container's image with docker, podman or buildah; where none is, its steps alone
    local engine
    for engine in docker podman buildah; do
        if command -v "$engine" >/dev/null; then
            "$engine" build --tag dateline "$@" .
            return
        fi
    done
    echo "no docker, podman or buildah: the Dockerfile's steps run without an engine"
    steps
}

steps() { # what the Dockerfile does, in its order, in a clean folder
    $python .ci/image_steps.py
}

gate() { # all that must be green before a change is taken: in a clone of what is committed
    .ci/run
}

before-commit() { # what a commit is checked for: its form, its types, who imports whom
    lint
    types
    contracts
}

subject() { # whether a commit's message (a file) begins with a line within 72 characters
    local LC_ALL=C.UTF-8 line
    line=$(grep -v "^#" "$1" | head -n 1 || true)
    case $line in "fixup! "* | "squash! "* | "Merge "*) return ;; esac
    if [ -z "$line" ] || [ "${#line}" -gt 72 ]; then
        echo "the subject has ${#line} characters, not 1 to 72: say what is done; why goes into the body" >&2
        return 1
    fi
}

tasks() { # this list
    sed -n 's/^\([a-z-]*\)() { # /\1\t/p' do | awk -F '\t' '{printf "%-14s %s\n", $1, $2}'
}

task=${1:-tasks}
if ! grep -q "^$task() { # " do; then
    echo "./do: no task '$task'; these are the tasks:" >&2
    tasks >&2
    exit 2
fi
shift || true
"$task" "$@"
