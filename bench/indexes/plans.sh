# Each index with the query that needs it, as Entity Framework sends it, its columns shortened to a star. Read by indexes.sh.
product=4711
customer=00000000-0000-0000-0000-0000000004d2

printf '\n## Inventory\n'
show inventory ix_products_sku 'Is the number of a new product taken? (It also keeps numbers unique.)' \
    "SELECT EXISTS (SELECT 1 FROM products AS p WHERE p.sku = 'FOO-00042')"
show inventory ix_products_category_id 'Products of a category, the newest first. Each sample category has a quarter of all products and fills a page at once, so this asks for one that has none.' \
    "SELECT * FROM products AS p WHERE p.deleted_at IS NULL AND p.category = 'Books' ORDER BY p.id DESC LIMIT 21"
show inventory ix_products_name_id 'Products by name, from the middle on; also a purchase by name, in the first contract.' \
    "SELECT * FROM products AS p WHERE p.deleted_at IS NULL AND p.name >= 'Leather' AND (p.name <> 'Leather' OR p.id > 7) ORDER BY p.name, p.id LIMIT 21"
show inventory ix_products_price_id 'Products by price, from 100.00 on.' \
    "SELECT * FROM products AS p WHERE p.deleted_at IS NULL AND p.price >= 10000 AND (p.price <> 10000 OR p.id > 7) ORDER BY p.price, p.id LIMIT 21"
show inventory ix_product_search_words 'A word that few products have. Words that many have are found among the next 5,000 products, by the primary key of `product_search`; see `PostgresSearch.cs`.' \
    "SELECT * FROM (SELECT p.* FROM products p WHERE p.id IN (SELECT id FROM product_search WHERE words @@ (SELECT search_terms('{9604}'))) OFFSET 0) AS p WHERE p.deleted_at IS NULL ORDER BY p.id DESC LIMIT 21"
show inventory ix_stock_adjustments_product_id_id "How a product's stock came about, the newest first." \
    "SELECT * FROM stock_adjustments AS s WHERE s.product_id = $product ORDER BY s.id DESC LIMIT 21"
show inventory ix_stock_holds_ask_from 'Holds that have waited too long (one every few seconds, all day). The index has the waiting ones only, so a settled sale leaves it.' \
    "SELECT s.sale_id FROM stock_holds AS s WHERE s.state = 'Held' AND s.ask_from <= now() ORDER BY s.ask_from LIMIT 500"

printf '\n## Customers\n'
show customers ix_customers_username_key 'Who is that? At every login. (It also keeps handles unique.)' \
    "SELECT * FROM customers AS c WHERE c.username_key = 'buyer-4711' LIMIT 2"
show customers ix_customers_role_username_key 'Customers with a role, by username.' \
    "SELECT * FROM customers AS c WHERE c.deleted_at IS NULL AND c.role = 'Moderator' ORDER BY c.username_key LIMIT 21"
show customers ix_customers_marital_status_username_key 'Customers with a marital status, by username.' \
    "SELECT * FROM customers AS c WHERE c.deleted_at IS NULL AND c.marital_status = 'Widows' ORDER BY c.username_key LIMIT 21"
owner=$(one customers "SELECT customer_id FROM ledger_entries WHERE account = 'Wallet' ORDER BY id OFFSET 4711 LIMIT 1")
show customers ix_ledger_entries_customer_id_id "A wallet's entries, the newest first. The counterparts, half of the table, are not in it." \
    "SELECT * FROM ledger_entries AS l WHERE l.customer_id = '$owner' AND l.account = 'Wallet' ORDER BY l.id DESC LIMIT 21"
show customers ix_money_holds_ask_from 'As in Inventory: holds that have waited too long.' \
    "SELECT m.sale_id FROM money_holds AS m WHERE m.state = 'Held' AND m.ask_from <= now() ORDER BY m.ask_from LIMIT 500"

printf '\n## Sales\n'
show sales ix_orders_customer_id_placed_at "A customer's orders, the newest first." \
    "SELECT * FROM orders AS o WHERE o.customer_id = '$customer' ORDER BY o.placed_at DESC, o.id DESC LIMIT 21"
show sales ix_orders_placed_at "Everybody's orders, the newest first, from a day in February on." \
    "SELECT * FROM orders AS o WHERE o.placed_at <= '2026-02-14' AND (o.placed_at <> '2026-02-14' OR o.id < '$customer') ORDER BY o.placed_at DESC, o.id DESC LIMIT 21"
show sales ix_order_lines_order_id 'The lines of a page of orders.' \
    "SELECT * FROM (SELECT * FROM orders AS o WHERE o.customer_id = '$customer' ORDER BY o.placed_at DESC, o.id DESC LIMIT 21) AS p LEFT JOIN order_lines AS l ON p.id = l.order_id ORDER BY p.placed_at DESC, p.id DESC"
show sales ix_order_lines_product_id "Has this customer bought that product? Reviews asks before it takes a review. The index spares looking through all lines of a customer who has ordered much; without it the one before would serve." \
    "SELECT EXISTS (SELECT 1 FROM orders AS o WHERE o.customer_id = '$customer' AND o.status = 'Confirmed' AND EXISTS (SELECT 1 FROM order_lines AS l WHERE o.id = l.order_id AND l.product_id = $product))"
show sales ix_cart_lines_product_id 'A product that is not sold any more leaves all carts.' \
    "DELETE FROM cart_lines AS c WHERE c.product_id = $product"

printf '\n## Reviews\n'
author=00000000-0000-0000-0000-000000001267
show reviews ix_reviews_customer_id_product_id 'Has this customer reviewed that product? (It also keeps it to one review.) All reviews of a customer who leaves are found by it too.' \
    "SELECT EXISTS (SELECT 1 FROM reviews AS r WHERE r.customer_id = '$author' AND r.product_id = $product)"
show reviews ix_reviews_product_id_status_id 'What everybody sees of a product, the newest first.' \
    "SELECT * FROM reviews AS r WHERE r.status = 'Approved' AND r.product_id = $product ORDER BY r.id DESC LIMIT 21"
show reviews ix_reviews_status_id 'What waits for moderators, the oldest first.' \
    "SELECT * FROM reviews AS r WHERE r.status = 'Flagged' ORDER BY r.id LIMIT 21"
show reviews ix_reviews_username "An author's reviews." \
    "SELECT * FROM reviews AS r WHERE r.status = 'Approved' AND r.username = 'buyer-4711' ORDER BY r.id DESC LIMIT 21"
show reviews ix_review_reports_review_id_reporter_id "A review's open reports are counted. (It also keeps it to one report of a customer.)" \
    "SELECT count(*) FROM review_reports AS r WHERE r.review_id = '$author' AND NOT r.settled"
show reviews ix_review_reports_reporter_id 'The reports of a customer who leaves are deleted.' \
    "DELETE FROM review_reports AS r WHERE r.reporter_id = '$author'"

printf '\n## In every service\n'
show inventory ix_kept_answers_at 'Answers older than 30 days are forgotten, a thousand at a time; here there are none yet.' \
    "DELETE FROM kept_answers WHERE (scope, key) IN (SELECT k.scope, k.key FROM kept_answers AS k WHERE k.at < now() - interval '30 days' ORDER BY k.at LIMIT 1000)"
show inventory ix_seen_events_at 'The same for events that were handled.' \
    "DELETE FROM seen_events WHERE event_id IN (SELECT s.event_id FROM seen_events AS s WHERE s.at < now() - interval '30 days' ORDER BY s.at LIMIT 1000)"
