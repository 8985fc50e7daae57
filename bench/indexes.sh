#!/usr/bin/env bash
# Shows for each index what its query costs without and with it, on tables of a million rows, and writes docs/indexes.md.
# Usage: bench/indexes.sh. Needs PostgreSQL's programs, sqlite3 and 8 GB in $TMPDIR; takes some minutes.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

programs=$(compgen -G '/usr/lib/postgresql/*/bin' | sort -V | tail -n 1)
data=$(mktemp -d)
as_postgres=()
if [[ $EUID == 0 ]]; then # PostgreSQL refuses to run as root.
    as_postgres=(runuser -u postgres --)
    chown postgres "$data"
fi
trap '"${as_postgres[@]}" "$programs/pg_ctl" stop -s -m immediate -D "$data/cluster" || true; rm -rf "$data"' EXIT
export PGHOST=$data PGUSER=postgres PGOPTIONS='-c jit=off'

"${as_postgres[@]}" "$programs/initdb" -D "$data/cluster" -U postgres -A trust -E UTF8 --locale C.UTF-8 --no-sync >/dev/null
printf '%s\n' "unix_socket_directories = '$data'" "listen_addresses = ''" 'shared_buffers = 1GB' 'max_wal_size = 8GB' 'fsync = off' >>"$data/cluster/postgresql.conf"
"${as_postgres[@]}" "$programs/pg_ctl" start -s -w -D "$data/cluster" -l "$data/log"

echo "making the tables" >&2
dotnet build src/Souk -c Release -v q --nologo >/dev/null
souk="src/Souk/bin/Release/net10.0/Souk.dll"
dotnet "$souk" database create --admin "Host=$data;Username=postgres" --password 'sixteen-letters!' | sed 's/^/export /' >"$data/settings"
(. "$data/settings" && dotnet "$souk" seed --products 9680 --Souk:Data "$data/shop" >/dev/null)
for service in inventory customers sales reviews; do
    psql -q -v ON_ERROR_STOP=1 -f "bench/indexes/$service.sql" "souk_$service"
    psql -q -c 'VACUUM ANALYZE' "souk_$service"
done

# A plan, the pages it touched (kept from its first line) and its time; the third run of three, so that the caches are warm.
explain() { # database, statement before, query
    local explain="EXPLAIN (ANALYZE, BUFFERS, COSTS OFF, TIMING OFF) $3;"
    psql -qAtX -v ON_ERROR_STOP=1 "$1" <<<"BEGIN; $2; SET LOCAL client_min_messages = error; \\o /dev/null
$explain $explain
\\o
$explain ROLLBACK;" | awk '/^Planning/ { planning = 1 } /Execution Time/ { planning = 0 } planning { next } /Buffers:/ { if (seen++) next } 1'
}

show() { # service, index, what for, query
    echo "planning for $2" >&2
    printf '\n### %s\n\n%s\n\n```sql\n%s\n```\n\nWithout it:\n\n```\n' "$2" "$3" "$4"
    explain "souk_$1" "DROP INDEX $2" "$4"
    printf '```\n\nWith it:\n\n```\n'
    explain "souk_$1" "SELECT 1 WHERE false" "$4"
    printf '```\n'
}

one() { psql -qAtX "souk_$1" -c "$2"; }

{
    cat bench/indexes/head.md
    printf '\nPostgreSQL %s, %s processors. Written by `bench/indexes.sh`.\n' "$("$programs/postgres" --version | awk '{ print $3 }')" "$(nproc)"
    source bench/indexes/plans.sh
    source bench/indexes/sqlite.sh
} >"$data/indexes.md"
cp "$data/indexes.md" docs/indexes.md
