-- 1,000,000 customers, six of them moderators; half of the ledger is the wallets' counterpart.
INSERT INTO customers (id, username, username_key, name, age, address, gender, marital_status, role, password_hash, version, created_at, updated_at)
SELECT gen_random_uuid(), 'buyer-' || n, 'buyer-' || n, 'Buyer ' || n, 18 + n % 60, 'Street ' || n, n % 2 = 0,
    (ARRAY['Single', 'Married', 'Divorced', 'Widows'])[1 + CASE WHEN n % 1000 = 0 THEN 3 ELSE n % 3 END],
    CASE WHEN n % 200000 = 1 THEN 'Moderator' ELSE 'Customer' END, 'x', 1, now(), now()
FROM generate_series(1, 1000000) AS n;

INSERT INTO ledger_entries (movement_id, account, customer_id, amount, kind, balance_after, at)
SELECT gen_random_uuid(), CASE WHEN side = 0 THEN 'Wallet' ELSE 'Sales' END, id, 100 - 200 * side, 'Purchase', 1000, now()
FROM generate_series(1, 100) AS n, (SELECT id FROM customers ORDER BY username LIMIT 10000) AS c, generate_series(0, 1) AS side;

INSERT INTO money_holds (sale_id, fingerprint, state, at, ask_from)
SELECT gen_random_uuid(), 'f', CASE WHEN n % 5000 = 0 THEN 'Held' ELSE 'Settled' END, now() - n * interval '1 second', now() - n * interval '1 second'
FROM generate_series(1, 1000000) AS n;
