namespace Souk.Tests;

/// <summary>
/// Who may call what, written by hand from the contracts and not from the code. One line an operation of an OpenAPI document, one
/// column a caller: y may; 1 is answered 401; 3 is answered 403; 4 is answered 404, as if it did not exist.
/// "Owner" is the customer whose account, wallet, order, cart or review it is; "other" is another customer.
/// </summary>
internal static class AccessTable
{
    public const string Columns = "visitor owner other moderator admin";

    public static readonly IReadOnlyDictionary<string, string> Rows = """
        get_health                                                       y y y y y
        get_health_live                                                  y y y y y
        get_health_ready                                                 y y y y y
        get_well_known_jwks_json                                         y y y y y
        get_v2_audit                                                     1 3 3 3 y
        get_v2_audit_shop                                                1 3 3 3 y
        get_v2_errors                                                    1 3 3 3 y
        get_v2_errors_shop                                               1 3 3 3 y

        post_v2_customers                                                y y y y y
        get_v2_customers                                                 1 3 3 3 y
        get_v2_customers_by_username                                     1 y 4 4 y
        patch_v2_customers_by_username                                   1 y 4 4 y
        delete_v2_customers_by_username                                  1 y 4 4 y
        put_v2_customers_by_username_role                                1 3 3 3 y
        put_v2_customers_by_username_status                              1 3 3 3 y
        get_v2_customers_by_username_sessions                            1 y 4 4 y
        delete_v2_customers_by_username_sessions                         1 y 4 4 y
        delete_v2_customers_by_username_sessions_by_session_id           1 y 4 4 y
        get_v2_roles                                                     1 3 3 3 y
        post_v2_roles                                                    1 3 3 3 y
        get_v2_roles_by_name                                             1 3 3 3 y
        patch_v2_roles_by_name                                           1 3 3 3 y
        delete_v2_roles_by_name                                          1 3 3 3 y
        get_v2_signing_keys                                              1 3 3 3 y
        post_v2_signing_keys                                             1 3 3 3 y
        post_v2_tokens                                                   y y y y y
        delete_v2_customers_by_username_second_factor                    1 y 4 4 y
        get_v2_second_factor                                             1 y y y y
        post_v2_second_factor_authenticator                              1 y y y y
        post_v2_second_factor_authenticator_confirmation                 1 y y y y
        delete_v2_second_factor_authenticator                            1 y y y y
        post_v2_second_factor_recovery_codes                             1 y y y y
        post_v2_second_factor_passkeys_options                           1 y y y y
        post_v2_second_factor_passkeys                                   1 y y y y
        delete_v2_second_factor_passkeys_by_id                           1 y y y y
        post_v2_step_up                                                  1 y y y y
        post_v2_step_up_passkey_options                                  1 y y y y
        post_v2_step_up_passkey                                          1 y y y y
        post_v2_tokens_passkey_options                                   y y y y y
        post_v2_tokens_passkey                                           y y y y y
        post_v2_tokens_refresh                                           1 1 1 1 1
        post_v2_tokens_revocation                                        y y y y y
        post_v2_password_resets                                          y y y y y
        post_v2_password_resets_completion                               y y y y y
        get_v2_customers_by_username_wallet                              1 y 4 4 y
        get_v2_customers_by_username_wallet_entries                      1 y 4 4 y
        post_v2_customers_by_username_wallet_top_ups                     1 y 4 4 y
        post_v2_customers_by_username_wallet_withdrawals                 1 y 4 4 y
        post_v2_customers_by_username_exports                            1 y 4 4 y
        get_v2_customers_by_username_exports_by_id                       1 y 4 4 y
        get_v2_customers_by_username_exports_by_id_data                  1 y 4 4 4
        post_v2_customers_by_username_erasures                           1 y 4 4 y
        get_v2_erasures_by_receipt                                       y y y y y
        post_v2_customers_by_username_wallet_payments                    1 y 4 4 y
        get_v2_customers_by_username_wallet_payments_by_id               1 y 4 4 y
        post_v2_payments_events                                          1 1 1 1 1
        post_v1_customer_auth_register                                   y y y y y
        post_v1_customer_auth_login                                      y y y y y
        get_v1_customer_get                                              1 3 3 3 y
        get_v1_customer_get_by_customer_id                               1 y 3 3 y
        delete_v1_customer_delete_by_customer_id                         1 y 3 3 y
        put_v1_customer_update_by_customer_id                            1 y 3 3 y
        put_v1_customer_wallet_by_customer_id_charge                     1 y 3 3 y
        put_v1_customer_wallet_by_customer_id_deduct                     1 y 3 3 y

        get_v2_products                                                  y y y y y
        post_v2_products                                                 1 3 3 3 y
        get_v2_products_by_id                                            y y y y y
        patch_v2_products_by_id                                          1 3 3 3 y
        delete_v2_products_by_id                                         1 3 3 3 y
        get_v2_products_by_id_stock_adjustments                          1 3 3 3 y
        post_v2_products_by_id_stock_adjustments                         1 3 3 3 y
        post_v1_inventory_add                                            1 3 3 3 y
        put_v1_inventory_update_by_good_id                               1 3 3 3 y
        put_v1_inventory_deduct_by_good_id                               1 3 3 3 y
        get_v1_inventory_by_good_id                                      y y y y y

        post_v2_orders                                                   1 y y y y
        get_v2_orders                                                    1 y y y y
        get_v2_orders_by_id                                              1 y 4 4 y
        post_v2_orders_by_id_cancellation                                1 y 4 4 y
        get_v2_carts_by_username                                         1 y 4 4 y
        put_v2_carts_by_username_lines_by_product_id                     1 y 4 4 y
        delete_v2_carts_by_username_lines_by_product_id                  1 y 4 4 y
        post_v2_carts_by_username_checkout                               1 y 4 4 y
        get_v2_webhooks                                                  1 3 3 3 y
        post_v2_webhooks                                                 1 3 3 3 y
        get_v2_webhooks_by_id                                            1 3 3 3 y
        patch_v2_webhooks_by_id                                          1 3 3 3 y
        delete_v2_webhooks_by_id                                         1 3 3 3 y
        get_v2_webhooks_by_id_deliveries                                 1 3 3 3 y
        post_v1_sales_purchase_by_customer_username_by_good_id           1 y 3 3 y
        post_v1_sales_purchase_by_customer_username_by_name_by_good_name 1 y 3 3 y
        get_v1_sales_get                                                 1 3 3 3 y
        get_v1_sales_customer_by_customer_username                       1 y 3 3 y
        get_v1_sales_goods                                               y y y y y
        get_v1_sales_goods_by_good_id                                    y y y y y

        get_v2_reviews                                                   y y y y y
        post_v2_reviews                                                  1 y y y y
        get_v2_reviews_by_id                                             4 y 4 y y
        patch_v2_reviews_by_id                                           1 y 4 4 4
        delete_v2_reviews_by_id                                          1 y 4 y y
        get_v2_products_by_id_rating                                     y y y y y
        post_v2_reviews_by_id_reports                                    1 y y y y
        get_v2_reviews_by_id_reports                                     1 3 3 y y
        get_v2_moderation_queue                                          1 3 3 y y
        put_v2_reviews_by_id_moderation                                  1 3 3 y y
        post_v1_reviews_submit                                           1 y 3 3 3
        put_v1_reviews_update                                            1 y 3 3 3
        delete_v1_reviews_delete                                         1 y 3 y y
        get_v1_reviews_item_by_item_id                                   y y y y y
        get_v1_reviews_customer_by_customer_id                           y y y y y
        get_v1_reviews_details                                           4 y 4 y y
        put_v1_reviews_moderate                                          1 1 1 y y
        post_v1_reviews_auth_login                                       y y y y y
        """
        .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .ToDictionary(line => line.Split(' ')[0], line => line[line.IndexOf(' ', StringComparison.Ordinal)..].Replace(" ", "", StringComparison.Ordinal));
}
