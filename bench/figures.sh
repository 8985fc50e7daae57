#!/usr/bin/env bash
# Measures what a newcomer feels: the time from start to healthy, idle memory, and how long a purchase takes.
# Usage: bench/figures.sh [starts] [purchases]. Builds first; runs on an idle machine; needs bash, curl, awk.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

starts=${1:-5} purchases=${2:-300}
data=$(mktemp -d)
customers=http://127.0.0.1:8000 sales=http://127.0.0.1:8002
password='seven green apples'
shop=
trap '[[ -z $shop ]] || kill "$shop" 2>/dev/null || true; rm -rf "$data"' EXIT

dotnet build src/Souk -c Release -v q --nologo >/dev/null
dll=$PWD/src/Souk/bin/Release/net10.0/Souk.dll

open_shop() {
    local began now port
    began=$(date +%s%N)
    dotnet "$dll" --Souk:Data "$data" --Souk:AdminPassword "$password" --Souk:RateLimits:WritesPerAccount off >"$data/log" 2>&1 &
    shop=$!
    for port in 8000 8001 8002 8003; do
        until curl -s -o /dev/null "http://127.0.0.1:$port/health/ready"; do sleep 0.01; done
    done
    now=$(date +%s%N)
    kill -0 "$shop" 2>/dev/null || { cat "$data/log" >&2; exit 1; }
    echo $(((now - began) / 1000000))
}

close_shop() { kill "$shop"; wait "$shop" || true; shop=; }

quantiles() { sort -n | awk -v what="$1" -v unit="$2" '{ v[NR] = $1 } END { printf "%-28s min %s  median %s  max %s %s (%d runs)\n", what, v[1], v[int((NR + 1) / 2)], v[NR], unit, NR }'; }

echo "$(nproc) processors, $(awk '/MemTotal/ { printf "%.0f GiB", $2 / 1048576 }' /proc/meminfo), load before: $(cut -d' ' -f1 /proc/loadavg)"
open_shop >"$data/first"
echo "first start (makes databases, catalogue, admin): $(cat "$data/first") ms"
close_shop

: >"$data/starts"; : >"$data/memory"
for ((i = 0; i < starts; i++)); do
    open_shop >>"$data/starts"
    sleep 5
    awk '/VmRSS/ { printf "%.1f\n", $2 / 1024 }' "/proc/$shop/status" >>"$data/memory"
    close_shop
done
quantiles "start to healthy" ms <"$data/starts"
quantiles "idle memory (RSS)" MB <"$data/memory"

open_shop >/dev/null
json='Content-Type: application/json'
curl -sf -o /dev/null "$customers/api/v2/customers" -H "$json" -d "{\"username\":\"bench\",\"password\":\"$password\",\"name\":\"B\",\"age\":30,\"address\":\"A\",\"gender\":true,\"marital_status\":\"single\"}"
token=$(curl -sf "$customers/api/v2/tokens" -H "$json" -d "{\"username\":\"bench\",\"password\":\"$password\"}" | sed 's/.*"access_token":"\([^"]*\)".*/\1/')
curl -sf -o /dev/null "$customers/api/v2/customers/bench/wallet/top-ups" -H "Authorization: Bearer $token" -H "$json" -d '{"amount":{"amount":"1000000.00","currency":"USD"}}'
for ((i = 0; i < purchases; i++)); do
    curl -sf -o /dev/null -w '%{time_total}\n' "$sales/api/v2/orders" -H "Authorization: Bearer $token" -H "Idempotency-Key: bench-$i" -H "$json" \
        -d "{\"lines\":[{\"product_id\":$((i % 300 + 1)),\"quantity\":1}]}"
done | awk '{ print $1 * 1000 }' >"$data/purchases"
echo "the very first purchase: $(head -n 1 "$data/purchases") ms"
quantiles "a purchase" ms <"$data/purchases"
close_shop
