using System.Text;
using Microsoft.EntityFrameworkCore;
using Souk.Testing;

namespace Souk.Customers.Tests.Factors;

/// <summary>A code counts once, and guesses are counted. The clock is moved, so each test has a shop of its own.</summary>
public sealed class CodesWorkOnceTests : IAsyncLifetime
{
    private readonly TestShop _shop = new();

    public ValueTask InitializeAsync() => _shop.InitializeAsync();

    public ValueTask DisposeAsync() => _shop.DisposeAsync();

    [Fact]
    public async Task Security15_of_a_hundred_parallel_uses_of_one_code_on_two_instances_one_succeeds()
    {
        await using var twin = await _shop.Twin();
        var (jo, phone) = await _shop.NewCustomerWithPhone();
        var there = new Person(twin, jo.Username, jo.Token);
        var code = phone.Code();

        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => StepUp(i % 2 == 0 ? jo : there, code)));

        answers.Count(a => a.Code == 200).ShouldBe(1);
        answers.Count(a => a.Code is 403 or 429).ShouldBe(99);
        (await StepUp(jo, code)).Code.ShouldNotBe(200);
    }

    [Fact]
    public async Task Security15_of_a_hundred_parallel_uses_of_one_recovery_code_one_succeeds()
    {
        await using var twin = await _shop.Twin();
        var (jo, phone) = await _shop.NewCustomerWithPhone();
        var there = new Person(twin, jo.Username, jo.Token);

        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => StepUp(i % 2 == 0 ? jo : there, phone.RecoveryCodes[1])));

        answers.Count(a => a.Code == 200).ShouldBe(1);
        answers.Count(a => a.Code != 200 && a.Problem == "second_factor_wrong").ShouldBe(99);
        (await jo.Reads("/api/v2/second-factor"))["recovery_codes_left"].GetInt32().ShouldBe(8, "two of ten are used");
    }

    [Fact]
    public async Task Security15_no_recovery_code_stands_in_the_database()
    {
        var (jo, phone) = await _shop.NewCustomerWithPhone();

        await using var db = _shop.Database();
        var kept = await db.RecoveryCodes.Where(c => c.CustomerId == jo.Id).Select(c => c.Hash).ToListAsync();
        kept.Count.ShouldBe(9);
        kept.ShouldAllBe(hash => hash.Length == 32);
        foreach (var code in phone.RecoveryCodes)
        {
            var plain = Encoding.ASCII.GetBytes(code.Replace("-", "", StringComparison.Ordinal));
            kept.Any(hash => hash.AsSpan().IndexOf(plain) >= 0).ShouldBeFalse();
        }
    }

    [Fact]
    public async Task Security15_parallel_guesses_meet_a_limit_that_passes_by_itself()
    {
        var (jo, phone) = await _shop.NewCustomerWithPhone();
        var wrong = phone.Code(later: 1000);

        var guesses = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => StepUp(jo, wrong)));

        guesses.Count(a => a.Problem == "second_factor_wrong").ShouldBe(5);
        guesses.Count(a => a.Problem == "too_many_codes").ShouldBe(95);
        var blocked = await StepUp(jo, phone.Code());
        blocked.Code.ShouldBe(429, "not even the right one is looked at");
        blocked.Headers.RetryAfter!.Delta!.Value.ShouldBe(TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(10));
        (await StepUp(jo, phone.RecoveryCodes[1])).Code.ShouldBe(200, "a recovery code is another way in");

        _shop.Clock.Advance(TimeSpan.FromMinutes(1));
        (await StepUp(jo, wrong)).ShouldRefuse(403, "second_factor_wrong");
        (await StepUp(jo, phone.Code())).Headers.RetryAfter!.Delta!.Value.ShouldBe(TimeSpan.FromMinutes(2), TimeSpan.FromSeconds(10));
        _shop.Clock.Advance(TimeSpan.FromMinutes(2));
        (await StepUp(jo, phone.Code())).Must(200);
        (await StepUp(jo, wrong)).ShouldRefuse(403, "second_factor_wrong");
        (await StepUp(jo, phone.Code(1))).Code.ShouldBe(200, "the count began again");
    }

    [Fact]
    public async Task Security15_how_many_wrong_codes_are_looked_at_is_a_setting()
    {
        await using var shop = new TestShop().With("SignIn:WrongCodes", "2").With("SignIn:PauseSeconds", "7");
        await shop.InitializeAsync();
        var (jo, phone) = await shop.NewCustomerWithPhone();
        var wrong = phone.Code(later: 1000);
        (await StepUp(jo, wrong)).ShouldRefuse(403, "second_factor_wrong");
        (await StepUp(jo, wrong)).ShouldRefuse(403, "second_factor_wrong");

        var blocked = await StepUp(jo, phone.Code());

        blocked.Code.ShouldBe(429);
        blocked.Headers.RetryAfter!.Delta!.Value.ShouldBe(TimeSpan.FromSeconds(7), TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task New_recovery_codes_make_the_old_ones_worthless()
    {
        var (jo, phone) = await _shop.NewCustomerWithPhone();
        (await jo.Post("customers", "/api/v2/second-factor/recovery-codes")).ShouldRefuseStepUp();
        var shown = await jo.ShowsFactor(_shop, phone.Code());

        var renewed = await shown.Post("customers", "/api/v2/second-factor/recovery-codes");

        renewed["codes"].GetArrayLength().ShouldBe(10);
        (await StepUp(jo, phone.RecoveryCodes[1])).ShouldRefuse(403, "second_factor_wrong");
        (await StepUp(jo, renewed.Of("codes.9"))).Must(200);
    }

    private static Task<Answer> StepUp(Person who, string code) => who.Post("customers", "/api/v2/step-up", new { code });
}
