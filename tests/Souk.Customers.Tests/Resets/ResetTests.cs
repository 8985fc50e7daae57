using System.Collections.Concurrent;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Souk.Customers.Resets;
using Souk.Customers.Tests.Sessions;
using Souk.Platform.Errors;
using Souk.Platform.Persistence;
using Souk.Testing;

namespace Souk.Customers.Tests.Resets;

/// <summary>Password resets: asked for, sent, used once.</summary>
public sealed class ResetTests : IAsyncLifetime
{
    private const string New = "eight yellow pears";

    private readonly ConcurrentQueue<ResetLetter> _letters = new();
    private readonly TestShop _shop;

    public ResetTests() => _shop = new TestShop().With((service, parts) =>
    {
        if (service == "customers")
        {
            parts.AddSingleton<SendResetLetter>((letter, _) =>
            {
                _letters.Enqueue(letter);
                return Task.CompletedTask;
            });
        }
    });

    public ValueTask InitializeAsync() => _shop.InitializeAsync();

    public ValueTask DisposeAsync() => _shop.DisposeAsync();

    [Fact]
    public async Task A_letter_buys_a_new_password_once_and_ends_all_sessions()
    {
        var device = await Device.New(_shop);
        var letter = await Letter(device.Person.Username.ToUpperInvariant());
        (letter.CustomerId, letter.Username).ShouldBe((device.Person.Id, device.Person.Username));

        (await Complete(letter.Token)).Must(204);

        await device.ShouldBeSignedOut();
        await _shop.SignsIn(device.Person.Username, New);
        (await _shop.Visitor.Post("customers", "/api/v2/tokens", new { username = device.Person.Username, password = TestShop.Password })).ShouldRefuse(401, "invalid_credentials");
        (await Complete(letter.Token)).ShouldRefuse(400, "reset_token_invalid");
    }

    [Fact]
    public async Task Of_parallel_uses_of_a_letter_one_succeeds()
    {
        var letter = await Letter((await _shop.NewCustomer()).Username);

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Complete(letter.Token)));

        answers.Count(a => a.Code == 204).ShouldBe(1);
        answers.Where(a => a.Code != 204).ShouldAllBe(a => a.Code == 400);
    }

    [Fact]
    public async Task A_letter_is_worth_nothing_after_half_an_hour_or_when_a_newer_one_is_out()
    {
        var jo = await _shop.NewCustomer();
        var old = await Letter(jo.Username);
        _shop.Clock.Advance(TimeSpan.FromMinutes(2));
        var newer = await Letter(jo.Username);
        (await Complete(old.Token)).ShouldRefuse(400, "reset_token_invalid");

        _shop.Clock.Advance(TimeSpan.FromMinutes(31));

        (await Complete(newer.Token)).ShouldRefuse(400, "reset_token_invalid");
        await _shop.SignsIn(jo.Username, TestShop.Password);
    }

    [Fact]
    public async Task A_password_that_is_refused_leaves_the_letter_good()
    {
        var letter = await Letter((await _shop.NewCustomer()).Username);

        (await Complete(letter.Token, "iloveyou1")).ShouldRefuse(400, "common_password");
        (await Complete(letter.Token, "short")).ShouldRefuse(422, "validation_failed", "password string_too_short");
        (await Complete(letter.Token)).Must(204);
    }

    [Fact]
    public async Task A_letter_is_worth_nothing_while_its_customer_is_disabled()
    {
        var jo = await _shop.NewCustomer();
        var letter = await Letter(jo.Username);
        await _shop.Admin.Put("customers", jo.Path("/status"), new { disabled = true });
        (await Complete(letter.Token)).ShouldRefuse(400, "reset_token_invalid");

        await _shop.Admin.Put("customers", jo.Path("/status"), new { disabled = false });

        (await Complete(letter.Token)).Must(204);
    }

    [Fact]
    public async Task Whoever_resets_a_password_need_not_wait_for_the_pause_that_wrong_ones_made()
    {
        var jo = await _shop.NewCustomer();
        for (var i = 0; i < 10; i++)
        {
            (await SignIn(jo, $"wrong apples {i}")).Must(401);
        }

        (await SignIn(jo, TestShop.Password)).ShouldRefuse(429, "too_many_guesses");
        (await Complete((await Letter(jo.Username)).Token)).Must(204);

        (await SignIn(jo, New)).Must(200);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("not base64 !")]
    public async Task A_made_up_token_is_refused(string token) => (await Complete(token)).ShouldRefuse(400, "reset_token_invalid");

    [Fact]
    public async Task Nobody_fills_a_letterbox_and_strangers_and_the_disabled_get_no_letter()
    {
        var (jo, disabled, last) = (await _shop.NewCustomer(), await _shop.NewCustomer(), await _shop.NewCustomer());
        await _shop.Admin.Put("customers", disabled.Path("/status"), new { disabled = true });
        foreach (var name in new[] { jo.Username, jo.Username, "nobody-here", disabled.Username, jo.Username, last.Username })
        {
            (await Ask(name)).Must(202);
        }

        // They are sent in the order in which they were asked for.
        await RunningShop.Eventually(() => Task.FromResult(_letters.Any(l => l.Username == last.Username)), "the last letter");
        _letters.Select(l => l.Username).ShouldBe([jo.Username, last.Username]);
    }

    [Fact]
    public async Task Only_a_digest_of_the_token_is_stored()
    {
        var jo = await _shop.NewCustomer();
        var letter = await Letter(jo.Username);

        await using var db = _shop.Database();
        var row = await db.PasswordResets.AsNoTracking().SingleAsync(r => r.CustomerId == jo.Id);

        row.TokenHash.ShouldBe(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(letter.Token)));
        (letter.EndsAt - row.MadeAt).ShouldBe(TimeSpan.FromMinutes(30));
    }

    [Fact]
    [Trait("security", "13")]
    public async Task Security13_asking_for_a_reset_answers_alike_in_body_and_time_whoever_is_named()
    {
        var jo = await _shop.NewCustomer();
        var held = new TaskCompletionSource();
        var holding = _shop.Parts("customers").GetRequiredService<GroupCommit<CustomersDb>>().Write<Done>(async _ =>
        {
            await held.Task;
            return default(Done);
        });

        // Whether there is such a customer is looked up by a write, and no write gets through: the answers don't wait for it.
        var (known, unknown) = (await Ask(jo.Username), await Ask("nobody-here"));

        (known.Code, known.Text, known.ContentType).ShouldBe((202, unknown.Text, unknown.ContentType));
        unknown.Must(202);
        _letters.ShouldBeEmpty();
        held.SetResult();
        await holding;
        await RunningShop.Eventually(() => Task.FromResult(_letters.Count == 1), "the letter");
    }

    [Fact]
    [Trait("security", "17")]
    public async Task Security17_a_new_password_by_letter_still_needs_the_factor_to_sign_in()
    {
        var jo = await _shop.NewCustomer();
        var phone = await jo.AddsPhone(_shop);
        (await Complete((await Letter(jo.Username)).Token)).Must(204);

        (await _shop.SignIn(jo.Username, null, New)).ShouldRefuse(401, "second_factor_required");
        var first = await _shop.Visitor.Post("customers", "/api/v1/customer/auth/login", new { username = jo.Username, password = New });
        first.ShouldDetail(401);
        first.Text.ShouldContain("/api/v2/tokens");
        (await _shop.SignIn(jo.Username, phone.Code(1), New)).Must(200);
    }

    private async Task<ResetLetter> Letter(string username)
    {
        var before = _letters.Count;
        (await Ask(username)).Must(202);
        await RunningShop.Eventually(() => Task.FromResult(_letters.Count > before), "the letter");
        return _letters.Last();
    }

    private Task<Answer> SignIn(Person who, string password) => _shop.Visitor.Post("customers", "/api/v2/tokens", new { username = who.Username, password });

    private Task<Answer> Ask(string username) => _shop.Visitor.Post("customers", "/api/v2/password-resets", new { username });

    private Task<Answer> Complete(string token, string password = New) => _shop.Visitor.Post("customers", "/api/v2/password-resets/completion", new { token, password });
}
