using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Souk.Customers.Accounts;
using Souk.Testing;

namespace Souk.Customers.Tests.Tokens;

/// <summary>Neither time nor words of a refused login tell whether there is such a customer. The time is that of the hashing, so its rounds are compared: they are the same on any machine.</summary>
[Trait("security", "13")]
public sealed class TimingTests : IAsyncLifetime
{
    private const int Rounds = 2000;

    private readonly TestShop _shop = new TestShop().With("Customers:PasswordRounds", $"{Rounds}");

    public ValueTask InitializeAsync() => _shop.InitializeAsync();

    public ValueTask DisposeAsync() => _shop.DisposeAsync();

    [Theory]
    [InlineData("customers", "/api/v2/tokens", false)]
    [InlineData("customers", "/api/v1/customer/auth/login", false)]
    [InlineData("reviews", "/api/v1/reviews/auth/login", false)]
    [InlineData("customers", "/api/v2/tokens", true)] // with a hash of earlier days
    public async Task Security13_a_known_and_an_unknown_username_answer_alike_in_body_and_time(string service, string path, bool old)
    {
        var jo = await _shop.NewCustomer();
        if (old)
        {
            await Weaken(jo);
        }

        var (known, unknown) = (await Guess(service, path, jo.Username), await Guess(service, path, "nobody-here"));

        Words(known.Answer).ShouldBe(Words(unknown.Answer));
        known.Answer.Text.ShouldNotContain("eyJ", Case.Sensitive, "no token");
        (known.Rounds, unknown.Rounds).ShouldBe((Rounds, Rounds));
    }

    private static string Words(Answer answer) =>
        $"{answer.Code} {answer.ContentType} {(answer.Json.TryGetProperty("trace_id", out var trace) ? answer.Text.Replace(trace.GetString()!, "", StringComparison.Ordinal) : answer.Text)}";

    private async Task<(Answer Answer, long Rounds)> Guess(string service, string path, string username)
    {
        var passwords = _shop.Parts("customers").GetRequiredService<Passwords>();
        var before = passwords.RoundsWorked;
        var answer = await _shop.Visitor.Post(service, path, new { username, password = "seven red apples" });
        return (answer, passwords.RoundsWorked - before);
    }

    private async Task Weaken(Person who)
    {
        using var weak = new Passwords(rounds: 1000);
        var hash = (await weak.Hash(TestShop.Password)).Value;
        await using var db = _shop.Database();
        await db.Customers.Where(c => c.Id == who.Id).ExecuteUpdateAsync(s => s.SetProperty(c => c.PasswordHash, hash));
    }
}
