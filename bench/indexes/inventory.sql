-- The sample catalogue a hundred times over: 1,000,000 products with the words that they really have.
DROP INDEX ix_product_search_words;
ALTER TABLE products DISABLE TRIGGER product_search_keep;
INSERT INTO products (sku, name, category, price, description, available, version, created_at, updated_at)
SELECT p.sku || '-' || n, p.name || ' No. ' || (n * 100 + p.id % 97), p.category, p.price + n * 7, p.description, p.available, 1, p.created_at, p.updated_at
FROM generate_series(1, 99) AS n, (SELECT * FROM products ORDER BY id LIMIT 10000) AS p ORDER BY n, p.id;
INSERT INTO product_search SELECT id, to_tsvector('simple', plain_words(name || ' ' || description)) FROM products ORDER BY id ON CONFLICT DO NOTHING;
ALTER TABLE products ENABLE TRIGGER product_search_keep;
CREATE INDEX ix_product_search_words ON product_search USING gin (words);

INSERT INTO stock_adjustments (product_id, delta, reason, by, available_after, at)
SELECT 1 + n % 10000, 5, 'Received', gen_random_uuid(), 100, now() FROM generate_series(1, 1000000) AS n;

-- Nearly all sales are settled; a few wait.
INSERT INTO stock_holds (sale_id, fingerprint, state, at, ask_from, lines)
SELECT gen_random_uuid(), 'f', CASE WHEN n % 5000 = 0 THEN 'Held' ELSE 'Settled' END, now() - n * interval '1 second', now() - n * interval '1 second', '[]'
FROM generate_series(1, 1000000) AS n;

INSERT INTO kept_answers (scope, key, fingerprint, value, at)
SELECT 'customer:' || n % 10000, 'key-' || n, 'f', '{}', now() - n * interval '2 seconds' FROM generate_series(1, 1000000) AS n;
INSERT INTO seen_events (event_id, at) SELECT gen_random_uuid(), now() - n * interval '2 seconds' FROM generate_series(1, 1000000) AS n;
