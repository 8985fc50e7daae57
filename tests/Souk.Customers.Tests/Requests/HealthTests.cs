using Souk.Testing;

namespace Souk.Customers.Tests.Requests;

/// <summary>Health, and what is said when the database is broken: in a shop of its own, because it ends badly.</summary>
public sealed class HealthTests : IAsyncLifetime
{
    private readonly TestShop _shop = new();

    public ValueTask InitializeAsync() => _shop.InitializeAsync();

    public ValueTask DisposeAsync() => _shop.DisposeAsync();

    [Fact]
    public async Task A_healthy_service_says_so_and_counts_its_customers()
    {
        (await Health()).ShouldBeText(200, """{"status":"OK","db_status":"connected","customers_count":1}""");
        var (jo, _) = (await _shop.NewCustomer(), await _shop.NewCustomer());
        (await Health()).ShouldBeText(200, """{"status":"OK","db_status":"connected","customers_count":3}""");
        await jo.Delete("customers", jo.Path());
        (await Health()).ShouldBeText(200, """{"status":"OK","db_status":"connected","customers_count":2}""");
        (await _shop.Visitor.Reads("/health/live")).ShouldBeText(200, """{"status":"live"}""");
        (await _shop.Visitor.Reads("/health/ready")).ShouldBeText(200, """{"status":"ready"}""");
    }

    [Fact]
    public async Task A_broken_database_is_told_in_the_first_contracts_words_and_shows_nothing_inside()
    {
        var jo = await _shop.NewCustomer();
        await Break("customers", "wallets", "seen_events");

        (await Health()).ShouldBeText(500, """{"status":"ERROR","db_status":"disconnected","error":"The database does not answer"}""");
        (await _shop.Visitor.Reads("/health/ready")).Must(500);
        (await _shop.Visitor.Reads("/health/live")).Must(200);
        (await _shop.Visitor.Post("customers", "/api/v1/customer/auth/register", TestShop.Registration(_shop.NewName())))
            .ShouldBeText(500, """{"message":"Internal Server Error. Please try registering again later","errors":"Database connection error"}""");
        (await _shop.Admin.Reads("/api/v1/customer/get")).ShouldBeText(500, """{"error":"Unable to retrieve customers from database"}""");
        (await jo.Reads($"/api/v1/customer/get/{jo.Username}"))
            .ShouldBeText(500, """{"message":"Internal Server Error. Please try retrieving again later","errors":"Database query failed"}""");
        (await jo.Put("customers", $"/api/v1/customer/update/{jo.Username}", new { age = 3 }))
            .ShouldBeText(500, """{"message":"Internal Server Error. Please try updating again later","errors":"Unknown server error"}""");
        (await jo.Delete("customers", $"/api/v1/customer/delete/{jo.Username}"))
            .ShouldBeText(500, """{"message":"Internal Server Error. Please try deleting again later","errors":"Database timeout"}""");
        (await jo.Put("customers", $"/api/v1/customer/wallet/{jo.Username}/charge", new { amount = 3 }))
            .ShouldBeText(500, """{"message":"Internal Server Error. Please try charging again later","errors":"Could not update the wallet balance"}""");
        (await jo.Put("customers", $"/api/v1/customer/wallet/{jo.Username}/deduct", new { amount = 3 }))
            .ShouldBeText(500, """{"message":"Internal Server Error. Please try deducting again later","errors":"Unable to process the transaction"}""");
        var second = await jo.Reads(jo.Path());
        second.ShouldRefuse(500, "internal_error");
        second.Text.ShouldNotContain("SQL", Case.Insensitive);
    }

    private Task<Answer> Health() => _shop.Visitor.Reads("/health");

    private async Task Break(params string[] tables)
    {
        foreach (var table in tables)
        {
            await _shop.Storage.Run("customers", $"ALTER TABLE {table} RENAME TO {table}_gone");
        }
    }
}
