#!/usr/bin/env bash
# Shows for each index a query that needs it: the plan and the time without the index and with it, as a table in Markdown.
# Say by PGHOST, PGPORT and PGUSER where the databases are that fill.sql has filled.
set -euo pipefail

# Prints "<what reads the table>, <time> ms"; the second of two runs, so that both times are those of cached pages.
measure() { # database, statement that is done first, query
    psql -qAtX -d "$1" <<SQL | awk '/^RUN 2/ { second = 1 } !second { next } /Scan/ && !scan { match($0, /(Parallel )?(Seq|Index Only|Index|Bitmap Heap) Scan/); scan = substr($0, RSTART, RLENGTH) } /Sort Method/ { sorted = " and sort" } /^Execution Time/ { printf "%s%s, %.2f ms", scan, sorted, $3 }'
SET jit = off;
BEGIN;
$2;
EXPLAIN (ANALYZE, TIMING OFF) $3;
\echo RUN 2
EXPLAIN (ANALYZE, TIMING OFF) $3;
ROLLBACK;
SQL
}

show() { # database, index, what it is for, query
    printf '| `%s` | %s | %s | %s |\n' "$2" "$3" "$(measure "souk_$1" "DROP INDEX $2" "$4")" "$(measure "souk_$1" "SELECT 1" "$4")"
}

echo '| index | a query that needs it | without | with |'
echo '|---|---|---|---|'

page="ORDER BY id DESC LIMIT 21"
show inventory ix_products_sku 'is this sku taken?' "SELECT * FROM products WHERE sku = 'X-500000'"
show inventory ix_products_category_id 'newest of a small category' "SELECT * FROM products WHERE deleted_at IS NULL AND category = 'Electronics' AND id < 100000 $page"
show inventory ix_products_name_id 'a page by name' "SELECT * FROM products WHERE deleted_at IS NULL AND (name > 'Thing 7' OR (name = 'Thing 7' AND id > 5)) ORDER BY name, id LIMIT 21"
show inventory ix_products_price_id 'a page by price' "SELECT * FROM products WHERE deleted_at IS NULL AND price >= 500000 ORDER BY price, id LIMIT 21"
show inventory ix_product_search_words 'search: a rare word' "SELECT * FROM products WHERE deleted_at IS NULL AND id IN (SELECT id FROM product_search WHERE words @@ search_terms('{c30}')) $page"
show inventory ix_stock_adjustments_product_id_id "a product's adjustments" "SELECT * FROM stock_adjustments WHERE product_id = 500 $page"
show customers ix_customers_username_key 'sign in' "SELECT * FROM customers WHERE username_key = 'user-500000'"
show customers ix_customers_role_username_key 'the moderators' "SELECT * FROM customers WHERE deleted_at IS NULL AND role = 'Moderator' ORDER BY username_key LIMIT 21"
show customers ix_customers_marital_status_username_key 'by marital status' "SELECT * FROM customers WHERE deleted_at IS NULL AND marital_status = 'Widows' ORDER BY username_key LIMIT 21"
show customers ix_ledger_entries_customer_id_id "a wallet's entries" "SELECT * FROM ledger_entries WHERE account = 'Wallet' AND customer_id = (SELECT id FROM customers WHERE username_key = 'user-1000') $page"
show customers ix_ledger_entries_sale_id "a sale's entries" "SELECT * FROM ledger_entries WHERE account = 'Wallet' AND sale_id = '00000000-0000-7000-8000-000000000001'"
show customers ix_money_holds_ask_from 'holds that are overdue' "SELECT sale_id FROM money_holds WHERE state = 'Held' AND ask_from <= now() ORDER BY ask_from LIMIT 500"
show sales ix_orders_customer_id_placed_at "a customer's orders" "SELECT * FROM orders WHERE customer_id = '00000000-0000-7000-8000-000000000500' ORDER BY placed_at DESC, id DESC LIMIT 21"
show sales ix_orders_placed_at 'the newest orders' "SELECT * FROM orders ORDER BY placed_at DESC, id DESC LIMIT 21"
show sales ix_order_lines_order_id 'the lines of an order' "SELECT * FROM order_lines WHERE order_id = '00000000-0000-7000-8000-000000000001'"
show sales ix_order_lines_product_id 'who bought this?' "SELECT * FROM order_lines WHERE product_id = 500"
show sales ix_cart_lines_product_id 'carts with a deleted product' "SELECT * FROM cart_lines WHERE product_id = 500"
show reviews ix_reviews_customer_id_product_id "a customer's reviews" "SELECT * FROM reviews WHERE customer_id = '00000000-0000-7000-8000-000000000500'"
show reviews ix_reviews_product_id_status_id "a product's reviews" "SELECT * FROM reviews WHERE product_id = 500 AND status = 'Approved' $page"
show reviews ix_reviews_status_id 'the flagged reviews' "SELECT * FROM reviews WHERE status = 'Flagged' ORDER BY id LIMIT 21"
show reviews ix_reviews_username 'reviews by username' "SELECT * FROM reviews WHERE username = 'user-500' $page"
show reviews ix_review_reports_review_id_reporter_id "a review's reports" "SELECT * FROM review_reports WHERE review_id = '00000000-0000-7000-8000-000000000001'"
show reviews ix_review_reports_reporter_id 'reports of a customer who leaves' "SELECT * FROM review_reports WHERE reporter_id = '00000000-0000-7000-8000-000000000001'"
