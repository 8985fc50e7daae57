using Souk.Testing;

namespace Souk.Customers.Tests.Sessions;

/// <summary>How long sessions last, and that what is left of them is cleaned up. These tests move the clock, so each has a shop of its own.</summary>
[Trait("security", "10")]
public sealed class SessionTimeTests : IAsyncLifetime
{
    private readonly TestShop _shop = new TestShop().With("Sessions:IdleDays", "2").With("Sessions:LongestDays", "5");

    public ValueTask InitializeAsync() => _shop.InitializeAsync();

    public ValueTask DisposeAsync() => _shop.DisposeAsync();

    [Fact]
    public async Task Security10_a_session_ends_when_it_is_not_refreshed()
    {
        var device = await Device.New(_shop);
        _shop.Clock.Advance(TimeSpan.FromDays(1.9));
        await device.ShouldBeSignedInAgain();

        _shop.Clock.Advance(TimeSpan.FromDays(2));

        await device.ShouldBeSignedOut();
    }

    [Fact]
    public async Task Security10_a_session_ends_in_the_end_however_often_it_is_refreshed()
    {
        var device = await Device.New(_shop);
        for (var day = 0; day < 4; day++)
        {
            _shop.Clock.Advance(TimeSpan.FromDays(1));
            await device.ShouldBeSignedInAgain();
        }

        _shop.Clock.Advance(TimeSpan.FromDays(1));

        await device.ShouldBeSignedOut();
    }

    [Fact]
    public async Task What_is_left_of_sessions_guesses_and_resets_is_cleaned_up_a_part_at_a_time()
    {
        var device = await Device.New(_shop);
        await _shop.Visitor.Post("customers", "/api/v2/tokens", new { username = "nobody", password = "guessed" });
        await _shop.Visitor.Post("customers", "/api/v2/password-resets", new { username = device.Person.Username });
        await RunningShop.Eventually(async () => await Count("password_resets") == 1, "the reset is made");
        var sessions = await Count("sessions");
        await Clean();
        (await Count("sessions"), await Count("guesses"), await Count("password_resets")).ShouldBe((sessions, 1, 1), "they are of use yet");
        await _shop.Storage.Run("customers", $"""
            INSERT INTO sessions (id, customer_id, started_at, used_at, ends_at, address, agent)
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2500)
            SELECT {Made}, customer_id, started_at, used_at, ends_at, '', '' FROM sessions CROSS JOIN n WHERE id = {Known(device.Session)}
            """);

        _shop.Clock.Advance(TimeSpan.FromDays(6));
        await Clean();

        (await Count("sessions"), await Count("guesses"), await Count("password_resets")).ShouldBe((0, 0, 0));
    }

    private static string Made => TestStorage.OnPostgres ? "gen_random_uuid()" : "upper(substr(hex(randomblob(16)), 1, 8) || '-0000-0000-0000-' || substr(hex(randomblob(6)), 1, 12))";

    private static string Known(Guid id) => TestStorage.OnPostgres ? $"'{id}'" : $"'{id.ToString().ToUpperInvariant()}'";

    private Task<long> Count(string table) => _shop.Storage.Number("customers", $"SELECT count(*) FROM {table}");

    private Task Clean() => _shop.CleanUp<CustomersDb>("customers");
}

internal static class SessionTimeWords
{
    /// <summary>The access token has expired; the refresh token buys another.</summary>
    public static async Task ShouldBeSignedInAgain(this Device device)
    {
        await device.Refreshes();
        (await device.Person.Reads(device.Person.Path())).Must(200);
    }
}
