using Microsoft.Extensions.DependencyInjection;
using Souk.Customers.Accounts;
using Souk.Testing;

namespace Souk.Tests;

/// <summary>Logins are dear, at the strength of a real shop. However many come, buying goes on.</summary>
[Trait("security", "11")]
public sealed class LoginFloodTests : IAsyncLifetime
{
    private readonly TestShop _shop = new TestShop().With("Customers:PasswordRounds", "600000");

    public ValueTask InitializeAsync() => _shop.InitializeAsync();

    public ValueTask DisposeAsync() => _shop.DisposeAsync();

    [Fact]
    public async Task Security11_a_flood_of_logins_leaves_buying_alone()
    {
        var (buyer, product) = (await _shop.NewCustomer(money: 1000), await _shop.NewProduct());
        var passwords = _shop.Parts("customers").GetRequiredService<Passwords>();
        await RunningShop.Eventually(() => Task.FromResult(passwords.FreeLanes == Math.Max(1, Environment.ProcessorCount - 1)), "every processor but one has its lane");
        using var over = new CancellationTokenSource();
        var flood = Enumerable.Range(0, 200).Select(i => Task.Run(() => SignIn($"stranger-{i}", over.Token))).ToArray();
        await RunningShop.Eventually(() => Task.FromResult(flood.Count(f => f.IsCompleted) >= 100), "logins that find the line full");

        // How long buying takes says more about the machine than about the shop; that all lanes are taken, and a processor has none, does not.
        passwords.FreeLanes.ShouldBe(0);
        for (var i = 0; i < 10; i++)
        {
            (await buyer.Buys(product)).Must(201);
        }

        await over.CancelAsync();
        var answers = await Task.WhenAll(flood);
        answers.ShouldContain(a => a != null && a.Code == 503 && a.Problem == "busy" && a.Headers.RetryAfter!.Delta == TimeSpan.FromSeconds(1));
        answers.ShouldAllBe(a => a == null || a.Code == 503 || a.Code == 401);
    }

    /// <summary>Null when nobody waited for the answer.</summary>
    private async Task<Answer?> SignIn(string username, CancellationToken stop)
    {
        try
        {
            return await _shop.Visitor.Post("customers", "/api/v2/tokens", new { username, password = "guessed" }).WaitAsync(stop);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }
}
