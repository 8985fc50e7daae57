# The same for SQLite's search, whose index is another one. Read by indexes.sh.
echo "planning for SQLite" >&2
dotnet "$souk" seed --products 9680 --Souk:Data "$data/lite" >/dev/null
lite() { sqlite3 "$data/lite/inventory.db" "$@"; }
lite "INSERT INTO products (sku, name, category, price, description, available, version, created_at, updated_at)
    SELECT p.sku || '-' || c.value, p.name || ' No. ' || (c.value * 100 + p.id % 97), p.category, p.price + c.value * 7, p.description, p.available, 1, p.created_at, p.updated_at
    FROM generate_series(1, 99) AS c, (SELECT * FROM products ORDER BY id LIMIT 10000) AS p ORDER BY c.value, p.id"
page="WHERE p.deleted_at IS NULL ORDER BY p.id DESC LIMIT 21"
without="SELECT * FROM products AS p WHERE (p.name LIKE 'speaker%' OR p.name LIKE '% speaker%' OR p.description LIKE '% speaker%') AND p.deleted_at IS NULL ORDER BY p.id DESC LIMIT 21"
with="SELECT * FROM (SELECT s.rowid AS id, p.name, p.price, p.deleted_at FROM product_search s CROSS JOIN products p ON p.id = s.rowid WHERE s.product_search MATCH '\"WORD\"*') AS p $page"
timed() { printf '%s\n' '.timer on' "SELECT count(*) || ' rows' FROM ($1);" | lite; }

printf '\n## SQLite\n\nThe other indexes are the same and serve the same queries. The search has FTS5, which gives its numbers in order:\n'
printf '\n```sql\n%s\n```\n\n```\n%s\n%s\n```\n' "${with/WORD/speaker}" "$(lite "EXPLAIN QUERY PLAN ${with/WORD/speaker}")" "$(timed "${with/WORD/speaker}")"
printf '\nA word that few products have (`9604`), with the index, and without it by `LIKE`:\n\n```\n%s\n%s\n```\n' "$(timed "${with/WORD/9604}")" "$(timed "${without//speaker/9604}")"
