-- 1,000,000 orders of 10,000 customers of one line each, over 10,000 products.
INSERT INTO orders (id, customer_id, username, status, total, placed_at)
SELECT gen_random_uuid(), lpad(to_hex(n::bigint * 7919 % 10000), 32, '0')::uuid, 'buyer', CASE WHEN n % 100 = 0 THEN 'Cancelled' ELSE 'Confirmed' END, 100, timestamptz '2026-01-01' + n * interval '10 seconds'
FROM generate_series(1, 1000000) AS n;

INSERT INTO order_lines (order_id, product_id, product_name, quantity, unit_price, total)
SELECT id, 1 + (random() * 9999)::bigint, 'Thing', 1, 100, 100 FROM orders ORDER BY placed_at;

INSERT INTO cart_lines (customer_id, product_id, quantity, added_at)
SELECT lpad(to_hex(n), 32, '0')::uuid, 1 + (n * 7 + line * 1009) % 10000, 1, now() FROM generate_series(1, 250000) AS n, generate_series(1, 4) AS line;
