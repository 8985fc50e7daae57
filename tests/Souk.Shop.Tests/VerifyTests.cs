using Microsoft.Extensions.Configuration;
using Souk.Contracts;
using Souk.Testing;

namespace Souk.Tests;

/// <summary>A shop with one sale of each kind, whose books balance.</summary>
public sealed class BalancedShop : IAsyncLifetime
{
    private readonly Dictionary<string, string> _names = [];

    /// <summary>The shop. Its leases are long, so that holds stay held.</summary>
    public TestShop Shop { get; } = new TestShop().With("Holds:LeaseSeconds", "3600").With("Reviews:RequirePurchase", "false");

    /// <summary>Puts identifiers for their names in braces.</summary>
    public string Named(string sql) => _names.Aggregate(sql, (text, name) => text.Replace($"{{{name.Key}}}", name.Value, StringComparison.Ordinal));

    public async ValueTask InitializeAsync()
    {
        await Shop.InitializeAsync();
        var (jo, other, product) = (await Shop.NewCustomer(money: 100), await Shop.NewCustomer(), await Shop.NewProduct(price: 5));
        var sale = await jo.Buys(product, 2);
        var cancelled = (await jo.Buys(product)).Of("id");
        (await jo.Post("sales", $"/api/v2/orders/{cancelled}/cancellation")).Must(200);
        (await other.Buys(product)).Problem.ShouldBe("insufficient_funds");
        var review = (await jo.Reviews(product)).Of("id");
        (await Shop.Admin.Put("reviews", $"/api/v2/reviews/{review}/moderation", new { status = "approved" })).Must(200);
        await Shop.Storage.Run("sales", $"UPDATE orders SET cancelled_at = '2020-01-01 00:00:00' WHERE status = 'Cancelled'");

        _names["product"] = $"{product}";
        foreach (var (name, id) in new[] { ("sale", sale.Of("id")), ("cancelled", cancelled), ("jo", $"{jo.Id}"), ("other", $"{other.Id}"), ("unknown", $"{Guid.CreateVersion7()}") })
        {
            // SQLite stores identifiers in capitals; PostgreSQL does not mind.
            _names[name] = id.ToUpperInvariant();
        }
    }

    public ValueTask DisposeAsync() => Shop.DisposeAsync();

    /// <summary>The books as <c>souk verify</c> reads them.</summary>
    internal async Task<IReadOnlyList<Discrepancy>> Wrong()
    {
        await using var books = await ShopBooks.Open(new ConfigurationBuilder().AddInMemoryCollection(Shop.Settings).Build());
        return (await books.Check()).Wrong;
    }

    /// <summary>Runs <c>souk verify</c>; its exit code.</summary>
    public Task<int> Verify() =>
        VerifyCommand.Build().Parse([.. Shop.Settings.Where(s => !s.Key.StartsWith("Services:", StringComparison.Ordinal)).SelectMany(s => new[] { $"--{s.Key}", s.Value! })]).InvokeAsync();
}

/// <summary><c>souk verify</c> finds what is wrong, whatever it is, and nothing in a shop that is right.</summary>
public sealed class VerifyTests(BalancedShop balanced) : IClassFixture<BalancedShop>
{
    /// <summary>What is planted: the discrepancies to be named, the service, the change and its undoing.</summary>
    public static TheoryData<string, string, string, string> Planted => new()
    {
        { "wallet_balance {jo}", "customers", "UPDATE wallets SET balance = balance + 1 WHERE customer_id = '{jo}'", "UPDATE wallets SET balance = balance - 1 WHERE customer_id = '{jo}'" },
        {
            "wallet_missing {unknown}", "customers",
            "INSERT INTO ledger_entries (movement_id, account, customer_id, amount, kind, at) VALUES ('{unknown}', 'Wallet', '{unknown}', 5, 'TopUp', '2020-01-01 00:00:00'), ('{unknown}', 'Provider', '{unknown}', -5, 'TopUp', '2020-01-01 00:00:00')",
            "DELETE FROM ledger_entries WHERE customer_id = '{unknown}'"
        },
        { "movement_unbalanced", "customers", "UPDATE ledger_entries SET amount = amount + 1 WHERE account = 'Provider' AND customer_id = '{jo}'", "UPDATE ledger_entries SET amount = amount - 1 WHERE account = 'Provider' AND customer_id = '{jo}'" },
        { "sale_ledger {sale}", "customers", "UPDATE ledger_entries SET sale_id = NULL WHERE sale_id = '{sale}'", "UPDATE ledger_entries SET sale_id = '{sale}' WHERE sale_id IS NULL AND kind = 'Purchase'" },
        { "sale_payer {sale}, money_held {sale}", "customers", "UPDATE money_holds SET customer_id = '{other}' WHERE sale_id = '{sale}'", "UPDATE money_holds SET customer_id = '{jo}' WHERE sale_id = '{sale}'" },
        { "sale_ledger {sale}, money_held {sale}", "customers", "UPDATE money_holds SET amount = amount + 1 WHERE sale_id = '{sale}'", "UPDATE money_holds SET amount = amount - 1 WHERE sale_id = '{sale}'" },
        { "sale_ledger {sale}, money_hold {sale}", "customers", "UPDATE money_holds SET state = 'Voided' WHERE sale_id = '{sale}'", "UPDATE money_holds SET state = 'Held' WHERE sale_id = '{sale}'" },
        { "sale_ledger {sale}, sale_ledger {unknown}, money_hold {sale}", "customers", "UPDATE money_holds SET sale_id = '{unknown}' WHERE sale_id = '{sale}'", "UPDATE money_holds SET sale_id = '{sale}' WHERE sale_id = '{unknown}'" },
        { "sale_ledger {cancelled}, money_hold {cancelled}", "customers", "UPDATE money_holds SET state = 'Settled' WHERE sale_id = '{cancelled}'", "UPDATE money_holds SET state = 'Returned' WHERE sale_id = '{cancelled}'" },
        { "money_hold_overdue {sale}", "customers", "UPDATE money_holds SET at = '2020-01-01 00:00:00' WHERE sale_id = '{sale}'", "UPDATE money_holds SET at = '2999-01-01 00:00:00' WHERE sale_id = '{sale}'" },
        { "product_stock {product}", "inventory", "UPDATE products SET available = available + 1 WHERE id = {product}", "UPDATE products SET available = available - 1 WHERE id = {product}" },
        {
            "product_missing 999999", "inventory",
            "INSERT INTO stock_adjustments (product_id, delta, reason, by, available_after, at) VALUES (999999, 5, 'Received', '{jo}', 5, '2020-01-01 00:00:00')", "DELETE FROM stock_adjustments WHERE product_id = 999999"
        },
        { "stock_held {sale}", "inventory", "UPDATE stock_holds SET lines = REPLACE(lines, '500', '501') WHERE sale_id = '{sale}'", "UPDATE stock_holds SET lines = REPLACE(lines, '501', '500') WHERE sale_id = '{sale}'" },
        { "product_stock {product}, stock_hold {sale}", "inventory", "UPDATE stock_holds SET state = 'Voided' WHERE sale_id = '{sale}'", "UPDATE stock_holds SET state = 'Held' WHERE sale_id = '{sale}'" },
        { "stock_hold {sale}", "inventory", "UPDATE stock_holds SET sale_id = '{unknown}' WHERE sale_id = '{sale}'", "UPDATE stock_holds SET sale_id = '{sale}' WHERE sale_id = '{unknown}'" },
        { "product_stock {product}, stock_hold {cancelled}", "inventory", "UPDATE stock_holds SET state = 'Settled' WHERE sale_id = '{cancelled}'", "UPDATE stock_holds SET state = 'Returned' WHERE sale_id = '{cancelled}'" },
        { "product_stock {product}, stock_hold", "inventory", "UPDATE stock_holds SET state = 'Settled' WHERE state = 'Voided'", "UPDATE stock_holds SET state = 'Voided' WHERE state = 'Settled'" },
        { "stock_hold_overdue {sale}", "inventory", "UPDATE stock_holds SET at = '2020-01-01 00:00:00' WHERE sale_id = '{sale}'", "UPDATE stock_holds SET at = '2999-01-01 00:00:00' WHERE sale_id = '{sale}'" },
        { "order_total {sale}, money_held {sale}", "sales", "UPDATE orders SET total = total + 1 WHERE id = '{sale}'", "UPDATE orders SET total = total - 1 WHERE id = '{sale}'" },
        { "line_total {sale}, order_total {sale}", "sales", "UPDATE order_lines SET total = total + 1 WHERE order_id = '{sale}'", "UPDATE order_lines SET total = total - 1 WHERE order_id = '{sale}'" },
        { "order_undecided {sale}", "sales", "UPDATE decisions SET outcome = 'Aborted' WHERE sale_id = '{sale}'", "UPDATE decisions SET outcome = 'Committed' WHERE sale_id = '{sale}'" },
        { "order_undecided {unknown}, order_missing {sale}, order_total {unknown}", "sales", "UPDATE orders SET id = '{unknown}' WHERE id = '{sale}'", "UPDATE orders SET id = '{sale}' WHERE id = '{unknown}'" },
        { "rating_summary {product}", "reviews", "UPDATE rating_summaries SET sum = sum + 1 WHERE product_id = {product}", "UPDATE rating_summaries SET sum = sum - 1 WHERE product_id = {product}" },
    };

    [Theory]
    [MemberData(nameof(Planted))]
    public async Task It_names_each_kind_of_discrepancy(string named, string service, string plant, string undo)
    {
        var expected = balanced.Named(named).Split(", ");
        await balanced.Shop.Storage.Run(service, balanced.Named(plant));
        try
        {
            var wrong = await balanced.Wrong();

            wrong.Select(d => d.Kind).ShouldBe(expected.Select(e => e.Split(' ')[0]), ignoreOrder: true, string.Join('\n', wrong));
            foreach (var words in expected.Select(e => e.Split(' ')).Where(w => w.Length > 1))
            {
                wrong.ShouldContain(d => d.Kind == words[0] && d.Id.Equals(words[1], StringComparison.OrdinalIgnoreCase));
            }

            wrong.ShouldAllBe(d => d.Expected != d.Found);
        }
        finally
        {
            await balanced.Shop.Storage.Run(service, balanced.Named(undo));
        }

        (await balanced.Wrong()).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("customers", "wallets", "balance", "customer_id = '{jo}'", "wallet_balance", "wallet_negative")]
    [InlineData("inventory", "products", "available", "id = {product}", "product_stock", "product_negative")]
    public async Task It_names_what_is_negative(string service, string table, string column, string row, params string[] kinds)
    {
        // The database itself would not take it.
        var (off, on) = TestStorage.OnPostgres
            ? ($"ALTER TABLE {table} DROP CONSTRAINT ck_{table}_{column};", $"ALTER TABLE {table} ADD CONSTRAINT ck_{table}_{column} CHECK ({column} >= 0);")
            : ("PRAGMA ignore_check_constraints = ON;", "");
        await balanced.Shop.Storage.Run(service, balanced.Named($"{off} UPDATE {table} SET {column} = {column} - 100000 WHERE {row}"));

        var wrong = await balanced.Wrong();

        await balanced.Shop.Storage.Run(service, balanced.Named($"UPDATE {table} SET {column} = {column} + 100000 WHERE {row}; {on}"));
        wrong.Select(d => d.Kind).ShouldBe(kinds, ignoreOrder: true);
        (await balanced.Wrong()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Sales_that_go_on_meanwhile_are_no_discrepancies()
    {
        var product = await balanced.Shop.NewProduct(stock: 100_000);
        var buyer = await balanced.Shop.NewCustomer(money: 100_000);
        (await balanced.Shop.AsSales().Post("inventory", "/internal/holds", new[] { new { sale_id = Guid.CreateVersion7(), fingerprint = "f", lines = new[] { new { product_id = product, quantity = 1 } } } })).Must(200);
        using var enough = new CancellationTokenSource();
        var buying = Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            while (!enough.IsCancellationRequested)
            {
                var order = await buyer.Buys(product);
                (await buyer.Post("sales", $"/api/v2/orders/{order.Of("id")}/cancellation")).Must(200);
            }
        }));

        for (var i = 0; i < 5; i++)
        {
            (await balanced.Wrong()).ShouldBeEmpty();
        }

        await enough.CancelAsync();
        await buying;
    }

    [Fact]
    public async Task Its_exit_code_tells()
    {
        (await balanced.Verify()).ShouldBe(0);
        await balanced.Shop.Storage.Run("customers", balanced.Named("UPDATE wallets SET balance = balance + 1 WHERE customer_id = '{jo}'"));

        (await balanced.Verify()).ShouldBe(1);

        await balanced.Shop.Storage.Run("customers", balanced.Named("UPDATE wallets SET balance = balance - 1 WHERE customer_id = '{jo}'"));
    }

    [Fact]
    public async Task A_shop_that_is_not_there_is_said_to_be_missing()
    {
        var folder = Directory.CreateTempSubdirectory("souk-verify-").FullName;

        (await VerifyCommand.Build().Parse(["--Souk:Data", folder]).InvokeAsync()).ShouldBe(1);

        Directory.GetFiles(folder, "*.db").ShouldBeEmpty();
        Directory.Delete(folder, recursive: true);
    }
}
