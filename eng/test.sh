#!/usr/bin/env bash
# Sets up everything the tests need, builds once, runs every test project and prints one line with the sum.
set -euo pipefail

usage() {
  cat <<'HELP'
Usage: eng/test.sh [--project NAME] [--filter EXPR]

Builds the solution, starts a private PostgreSQL, runs every test project and
prints "N passed, N failed, N skipped" as the last line.

  --project NAME  only the test projects whose name contains NAME (Ledger, EndToEnd, ...)
  --filter EXPR   only the tests that match, in the syntax of "dotnet test --filter",
                  for example FullyQualifiedName~Merkle
  --help          this text

Results are written to artifacts/test-results. On Debian, missing packages
(PostgreSQL, Chromium, fonts, OpenSSL, Python, curl, rsyslog) are installed when run as root.
HELP
}

readonly configuration=Release
project=''
filter=''
while (($# > 0)); do
  case "$1" in
    --project) project=${2:?--project needs a name}; shift 2 ;;
    --filter) filter=${2:?--filter needs an expression}; shift 2 ;;
    --help | -h) usage; exit 0 ;;
    *) printf 'Unknown option: %s\n\n' "$1" >&2; usage >&2; exit 2 ;;
  esac
done

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
readonly root
readonly results="$root/artifacts/test-results"
cd "$root"

fail() {
  printf 'eng/test.sh: %s\n' "$1" >&2
  exit 1
}

step() { printf '\n== %s\n' "$1"; }

# --- what the tests need -----------------------------------------------------------------------------------------

postgres_bin() {
  local newest
  newest=$(find /usr/lib/postgresql -mindepth 2 -maxdepth 2 -name bin 2>/dev/null | sort -V | tail -n 1)
  [[ -n $newest && -x $newest/initdb ]] && printf '%s\n' "$newest"
}

missing_packages() {
  postgres_bin >/dev/null || printf 'postgresql\n'
  [[ -x /usr/bin/chromium ]] || printf 'chromium\n'
  [[ -d /usr/share/fonts/truetype/liberation || -d /usr/share/fonts/truetype/liberation2 ]] \
    || printf 'fonts-liberation\n'
  command -v openssl >/dev/null || printf 'openssl\n'
  command -v python3 >/dev/null || printf 'python3\n'
  command -v curl >/dev/null || printf 'curl\n'
  compgen -G '/usr/lib/*/rsyslog/omelasticsearch.so' >/dev/null || printf 'rsyslog\nrsyslog-elasticsearch\n'
  compgen -G '/usr/lib/*/rsyslog/lmnsd_ossl.so' >/dev/null || printf 'rsyslog-openssl\n'
}

# Unpacked and not installed: its package and that of rsyslog refuse each other.
syslog_ng="$root/artifacts/syslog-ng"
unpack_syslog_ng() {
  [[ -x /usr/sbin/syslog-ng ]] && { syslog_ng=''; return; }
  [[ -x $syslog_ng/usr/sbin/syslog-ng ]] && return
  command -v apt-get >/dev/null || fail "syslog-ng is missing. Install it with its http destination."
  step "Unpacking syslog-ng"
  local parts=(syslog-ng-core syslog-ng-mod-http) folder needed
  folder=$(mktemp -d)
  if ((EUID == 0)); then
    compgen -G '/var/lib/apt/lists/*Packages*' >/dev/null || apt-get update -q
    mapfile -t needed < <(apt-cache depends "${parts[@]}" | awk '/^  Depends: lib/ { print $2 }' | sort -u)
    # What is there already stays as it is.
    DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends --no-upgrade "${needed[@]}"
    chmod 755 "$folder" && chown _apt "$folder" 2>/dev/null || true
  fi
  (cd "$folder" && apt-get download -q "${parts[@]}") || fail "syslog-ng could not be fetched."
  mkdir -p "$syslog_ng"
  for package in "$folder"/*.deb; do dpkg -x "$package" "$syslog_ng"; done
  rm -rf "$folder"
}

command -v dotnet >/dev/null || fail "the .NET SDK named in global.json is not installed (no 'dotnet' on the path)."

mapfile -t missing < <(missing_packages)
if ((${#missing[@]} > 0)); then
  ((EUID == 0)) || fail "Debian packages are missing. Run 'apt-get install ${missing[*]}' as root, or this script."
  step "Installing ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -q
  apt-get install -y -q --no-install-recommends "${missing[@]}"
fi

unpack_syslog_ng
export WATCHHOUSE_TEST_SYSLOG_NG=$syslog_ng

# --- build -------------------------------------------------------------------------------------------------------

# Build servers that outlive the script would keep a pipeline's output open.
export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

step "Building ($configuration)"
restore=(dotnet restore Watchhouse.slnx --verbosity minimal)
if [[ -n $(git ls-files '*packages.lock.json' 2>/dev/null || true) ]]; then restore+=(--locked-mode); fi
"${restore[@]}"
dotnet build Watchhouse.slnx --configuration "$configuration" --no-restore --verbosity minimal \
  -p:UseSharedCompilation=false

# --- a private PostgreSQL ----------------------------------------------------------------------------------------

bin=$(postgres_bin) || fail "PostgreSQL is installed without its server programs."
readonly bin
cluster=$(mktemp -d "${TMPDIR:-/tmp}/watchhouse-pg.XXXXXX")
readonly cluster
server_pid=''
runner_pid=''

# PostgreSQL refuses to run as root, so root hands the cluster to the package's own user.
as_server() {
  if ((EUID == 0)); then
    (cd "$cluster" && exec setpriv --reuid=postgres --regid=postgres --init-groups env HOME="$cluster" "$@")
  else
    (cd "$cluster" && exec "$@")
  fi
}

# Ends the runner and whatever its tests have started and not stopped: they share its process group.
stop_runner() {
  if [[ -n $runner_pid ]]; then
    kill -TERM -- "-$runner_pid" 2>/dev/null || true
    wait "$runner_pid" 2>/dev/null || true
  fi
  runner_pid=''
}

cleanup() {
  local code=$?
  trap - EXIT INT TERM HUP
  stop_runner
  if [[ -n $server_pid ]] && kill -INT "$server_pid" 2>/dev/null; then
    for _ in {1..100}; do
      kill -0 "$server_pid" 2>/dev/null || break
      sleep 0.1
    done
    kill -KILL "$server_pid" 2>/dev/null || true
  fi
  rm -rf "$cluster"
  exit "$code"
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

free_port() {
  python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

step "Starting PostgreSQL $(basename "$(dirname "$bin")")"
if ((EUID == 0)); then chown postgres "$cluster"; fi
password=$(openssl rand -hex 16)
port=$(free_port)

# The superuser is reachable only through the socket in the private folder, and used only here.
as_server "$bin/initdb" --pgdata="$cluster/data" --username=postgres --encoding=UTF8 --locale=C.UTF-8 \
  --auth-local=trust --auth-host=scram-sha-256 --no-sync >"$cluster/initdb.log" \
  || fail "initdb failed: $(cat "$cluster/initdb.log")"

# Durability is off: the data lives as long as this script.
options="-c listen_addresses=127.0.0.1 -c port=$port -c unix_socket_directories=$cluster -c max_connections=200"
options+=" -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
as_server "$bin/pg_ctl" start --wait --silent --pgdata="$cluster/data" --log="$cluster/server.log" \
  --options="$options" || fail "PostgreSQL did not start: $(cat "$cluster/server.log")"
server_pid=$(head -n 1 "$cluster/data/postmaster.pid")

# The tests' role has the rights that the program has in operation: row-level security binds it.
as_server "$bin/psql" --host="$cluster" --port="$port" --username=postgres --dbname=postgres --quiet \
  --set=ON_ERROR_STOP=1 --command="CREATE ROLE watchhouse LOGIN NOSUPERUSER NOBYPASSRLS CREATEDB PASSWORD '$password'"

WATCHHOUSE_TEST_POSTGRES="Host=127.0.0.1;Port=$port;Database=postgres;Username=watchhouse;Password=$password"
export WATCHHOUSE_TEST_POSTGRES+=";Include Error Detail=true"
export WATCHHOUSE_TEST_CHROMIUM=/usr/bin/chromium
export WATCHHOUSE_TESTS_REQUIRE_SERVERS=1

# --- tests -------------------------------------------------------------------------------------------------------

rm -rf "$results"
mkdir -p "$results"

arguments=(--configuration "$configuration" --no-build --no-progress --results-directory "$results" --timeout 20m)
if [[ -n $filter ]]; then
  # Exit code 8 means that no test matched, which is to be expected of most projects.
  arguments+=(--filter "$filter" --ignore-exit-code 8)
fi

# In the background, because bash runs a trap only when the command in the foreground has ended.
run() {
  local code=0
  setsid "$@" &
  runner_pid=$!
  wait "$runner_pid" || code=$?
  stop_runner
  return "$code"
}

ran=()
broken=()
for file in tests/*.Tests/*.Tests.csproj; do
  name=$(basename "$file" .csproj)
  [[ $name == *"$project"* ]] || continue
  step "$name"
  ran+=("$name")
  run dotnet test --project "$file" "${arguments[@]}" --report-xunit-trx --report-xunit-trx-filename "$name.trx" \
    || broken+=("$name")
done
((${#ran[@]} > 0)) || fail "no test project has '$project' in its name."

step "Sum"
# A runner that stops with an error although no test failed has crashed: the sum alone would hide it.
python3 eng/sum-results.py "$results" --ran "${ran[@]}" --broken "${broken[@]}" ${filter:+--filtered}
