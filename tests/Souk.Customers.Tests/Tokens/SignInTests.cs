using Microsoft.EntityFrameworkCore;
using Microsoft.IdentityModel.JsonWebTokens;
using Souk.Customers.Accounts;
using Souk.Platform.Errors;
using Souk.Platform.Persistence;
using Souk.Testing;

namespace Souk.Customers.Tests.Tokens;

/// <summary><c>POST /api/v2/tokens</c>.</summary>
public class SignInTests(TestShop shop)
{
    [Fact]
    public async Task The_right_password_buys_a_token_for_a_quarter_of_an_hour()
    {
        var jo = await shop.NewCustomer();

        var answer = await SignIn(jo.Username, TestShop.Password);

        answer.Must(200);
        answer.Json.Names().ShouldBe(["access_token", "token_type", "expires_in", "refresh_token"]);
        (answer.Of("token_type"), answer["expires_in"].GetInt32()).ShouldBe(("Bearer", 900));
        answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
        var token = new JsonWebToken(answer.Of("access_token"));
        (token.Alg, token.Typ, token.Issuer, token.Audiences.Single()).ShouldBe(("ES256", "at+jwt", "souk", "souk"));
        (token.ValidTo - token.ValidFrom).ShouldBe(TimeSpan.FromMinutes(15));
        (await new Person(shop, jo.Username, answer.Of("access_token")).Reads(jo.Path())).Must(200);
    }

    [Fact]
    public async Task A_token_says_who_it_is_and_what_they_may_do_and_nothing_personal()
    {
        var jo = await shop.NewCustomer();
        var moderator = await shop.NewModerator();

        Claim(jo, "role").ShouldBe(["customer"]);
        Claim(jo, "permissions").ShouldBeEmpty();
        Claim(moderator, "role").ShouldBe(["moderator"]);
        Claim(moderator, "permissions").ShouldBe(["reviews:moderate"]);
        new JsonWebToken(jo.Token).Claims.Select(c => c.Type).Distinct().ShouldBe(["sub", "jti", "sid", "auth_time", "username", "role", "iss", "aud", "iat", "nbf", "exp"], ignoreOrder: true);
    }

    [Fact]
    public async Task A_username_signs_in_in_any_case()
    {
        var jo = await shop.NewCustomer();

        (await SignIn(jo.Username.ToUpperInvariant(), TestShop.Password)).Must(200);
    }

    [Fact]
    [Trait("security", "13")]
    public async Task Security13_a_wrong_name_and_a_wrong_password_are_refused_alike()
    {
        var jo = await shop.NewCustomer();

        var wrong = await SignIn(jo.Username, "seven red apples");
        var unknown = await SignIn("nobody-here", TestShop.Password);

        wrong.ShouldRefuse(401, "invalid_credentials");
        unknown.ShouldRefuse(401, "invalid_credentials");
        wrong.Text.Replace(wrong.Of("trace_id"), "", StringComparison.Ordinal).ShouldBe(unknown.Text.Replace(unknown.Of("trace_id"), "", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{"username":"jo"}""", "password missing")]
    [InlineData("""{"password":"secret thing"}""", "username missing")]
    [InlineData("""{"username":"","password":"secret thing"}""", "username string_too_short")]
    [InlineData("""{"username":"jo","password":""}""", "password string_too_short")]
    [InlineData("""{"username":["jo"],"password":"secret thing"}""", "username string_type")]
    public async Task A_field_that_breaks_its_rule_is_named(string body, string field) =>
        (await shop.Visitor.Post("customers", "/api/v2/tokens", body)).ShouldRefuse(422, "validation_failed", field);

    [Fact]
    [Trait("security", "11")]
    public async Task Security11_a_weak_hash_of_earlier_days_is_made_stronger_at_the_next_sign_in()
    {
        var jo = await shop.NewCustomer();
        using var weak = new Passwords(rounds: 10);
        var old = (await weak.Hash(TestShop.Password)).Value;
        await shop.Part<GroupCommit<CustomersDb>>().Write<Done>(async db =>
        {
            await db.Customers.Where(c => c.Id == jo.Id).ExecuteUpdateAsync(s => s.SetProperty(c => c.PasswordHash, old));
            return default(Done);
        });

        (await SignIn(jo.Username, TestShop.Password)).Must(200);

        await using var db = shop.Database();
        var now = (await db.Customers.SingleAsync(c => c.Id == jo.Id)).PasswordHash;
        now.ShouldNotBe(old);
        (await shop.Part<Passwords>().Check(now, TestShop.Password)).Value.ShouldBe(new PasswordCheck(true, null));
        (await SignIn(jo.Username, TestShop.Password)).Must(200);
    }

    private static string[] Claim(Person who, string type) => [.. new JsonWebToken(who.Token).Claims.Where(c => c.Type == type).Select(c => c.Value)];

    private Task<Answer> SignIn(string username, string password) => shop.Visitor.Post("customers", "/api/v2/tokens", new { username, password });
}
