-- Fills the empty databases of a shop on PostgreSQL with a million rows a table, for explain.sh. The products' words are made up:
-- as in speech, a few are common and most are rare.
\set ON_ERROR_STOP 1

\c souk_customers
INSERT INTO customers SELECT gen_random_uuid(), 'user-' || n, 'user-' || n, 'Name ' || n, n % 90, 'Street ' || n, n % 2 = 0,
    CASE WHEN n % 1000 = 0 THEN 'Widows' ELSE 'Single' END, CASE WHEN n % 5000 = 0 THEN 'Moderator' ELSE 'Customer' END, 'hash', 1, now(), now(), NULL
    FROM generate_series(1, 1000000) n;
INSERT INTO ledger_entries (movement_id, account, customer_id, amount, kind, sale_id, balance_after, at)
    SELECT gen_random_uuid(), account, id, 1, 'TopUp', gen_random_uuid(), 1, now()
    FROM (SELECT id FROM customers WHERE username LIKE 'user-%' LIMIT 500000) c, unnest(ARRAY['Wallet', 'Provider']) account;
INSERT INTO money_holds (sale_id, fingerprint, state, at, ask_from, customer_id, amount)
    SELECT gen_random_uuid(), 'f', CASE WHEN n % 20000 = 0 THEN 'Held' ELSE 'Settled' END, now(), now() - n * interval '1 second', gen_random_uuid(), 1
    FROM generate_series(1, 1000000) n;
VACUUM ANALYZE;

\c souk_inventory
INSERT INTO products (sku, name, category, price, description, available, version, created_at, updated_at)
    SELECT 'X-' || n, 'Thing ' || to_hex((n * 2654435761) % 50021), CASE WHEN n % 1000 = 0 THEN 'Electronics' ELSE 'Food' END, 1 + (n * 7919) % 1000000,
        'One ' || to_hex(n % 7) || ' of ' || to_hex((n * 40503) % 997) || ' to have', 10, 1, now(), now()
    FROM generate_series(1::bigint, 1000000) n;
INSERT INTO stock_adjustments (product_id, delta, reason, by, available_after, at)
    SELECT 1 + n % 1000, 1, 'Received', gen_random_uuid(), 1, now() FROM generate_series(1, 1000000) n;
VACUUM ANALYZE;

\c souk_sales
INSERT INTO orders SELECT gen_random_uuid(), ('00000000-0000-7000-8000-' || lpad((n % 50000)::text, 12, '0'))::uuid, 'user', 'Confirmed', 1, now() - n * interval '1 second', NULL
    FROM generate_series(1, 1000000) n;
INSERT INTO order_lines (order_id, product_id, product_name, quantity, unit_price, total) SELECT id, (random() * 100000)::int, 'x', 1, 1, 1 FROM orders;
INSERT INTO cart_lines SELECT ('00000000-0000-7000-8000-' || lpad((n / 4)::text, 12, '0'))::uuid, n % 100000, 1, now() FROM generate_series(1, 1000000) n;
VACUUM ANALYZE;

\c souk_reviews
INSERT INTO known_products SELECT n, 'p', false FROM generate_series(1, 100000) n;
INSERT INTO reviews SELECT gen_random_uuid(), ('00000000-0000-7000-8000-' || lpad((n / 5)::text, 12, '0'))::uuid, 'user-' || n / 5, 1 + n % 100000, n % 6, 'A comment of some length, as people write them.',
    CASE WHEN n % 5000 = 0 THEN 'Flagged' ELSE 'Approved' END, 1, now(), now(), NULL, NULL, NULL FROM generate_series(1, 1000000) n;
INSERT INTO review_reports SELECT gen_random_uuid(), id, gen_random_uuid(), 'Spam', NULL, false, now() FROM reviews;
VACUUM ANALYZE;
