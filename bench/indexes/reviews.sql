-- 1,000,000 reviews of 10,000 products by 100,000 customers; one in a hundred waits for a moderator.
INSERT INTO known_products (id, name, deleted) SELECT n, 'Thing ' || n, false FROM generate_series(1, 10000) AS n ON CONFLICT DO NOTHING;

INSERT INTO reviews (id, customer_id, username, product_id, rating, comment, status, version, created_at, updated_at)
SELECT lpad(to_hex(c * 10 + n), 32, '0')::uuid, lpad(to_hex(c), 32, '0')::uuid, 'buyer-' || c, 1 + (c::bigint * 11 + n * 997) % 10000, (c + n) % 6, 'Good.',
    CASE WHEN (c * 10 + n) % 100 = 0 THEN 'NeedsApproval' ELSE 'Approved' END, 1, now(), now()
FROM generate_series(1, 100000) AS c, generate_series(0, 9) AS n;

INSERT INTO review_reports (id, review_id, reporter_id, reason, settled, at)
SELECT gen_random_uuid(), id, lpad(to_hex(abs(hashtext(id::text)) % 100000), 32, '0')::uuid, 'Spam', false, now() FROM reviews;
