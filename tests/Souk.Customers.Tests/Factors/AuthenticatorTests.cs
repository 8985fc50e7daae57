using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.IdentityModel.JsonWebTokens;
using OtpNet;
using Souk.Customers.Factors;
using Souk.Testing;

namespace Souk.Customers.Tests.Factors;

/// <summary>Authenticator apps and recovery codes, and signing in with them.</summary>
public class AuthenticatorTests(TestShop shop)
{
    private const string Adding = "/api/v2/second-factor/authenticator";
    private const string Confirming = "/api/v2/second-factor/authenticator/confirmation";

    /// <summary>RFC 6238, appendix B: the last six of its eight digits.</summary>
    [Theory]
    [InlineData(59, "287082", 1)]
    [InlineData(1111111109, "081804", 37037036)]
    [InlineData(1111111111, "050471", 37037037)]
    [InlineData(1234567890, "005924", 41152263)]
    [InlineData(2000000000, "279037", 66666666)]
    [InlineData(20000000000, "353130", 666666666)]
    public void The_codes_are_those_of_the_standard(long at, string code, long step)
    {
        var app = new Authenticator { Secret = Encoding.ASCII.GetBytes("12345678901234567890") };
        var then = DateTimeOffset.FromUnixTimeSeconds(at).UtcDateTime;

        app.StepOf(code, then).ShouldBe(step);
        app.StepOf(code, then.AddSeconds(30)).ShouldBe(step, "clocks may differ by a step");
        app.StepOf(code, then.AddSeconds(-30)).ShouldBe(step);
        app.StepOf(code, then.AddSeconds(60)).ShouldBeNull();
        app.StepOf("000000", then).ShouldBeNull();
        app.LastStep = step;
        app.StepOf(code, then).ShouldBeNull("it is spent");
    }

    [Fact]
    public void A_code_of_the_time_to_come_is_not_taken_early()
    {
        var app = new Authenticator { Secret = Encoding.ASCII.GetBytes("12345678901234567890") };
        var then = DateTimeOffset.FromUnixTimeSeconds(1234567890).UtcDateTime;

        app.StepOf("005924", then.AddSeconds(-60)).ShouldBeNull();
    }

    [Fact]
    public async Task Adding_an_app_tells_its_secret_three_times_over()
    {
        var jo = await shop.NewCustomer();

        var added = await jo.Post("customers", Adding, new { current_password = TestShop.Password });

        added.Must(200);
        added.Json.Names().ShouldBe(["secret", "otpauth_uri", "qr_code_png"]);
        Base32Encoding.ToBytes(added.Of("secret")).Length.ShouldBe(20);
        added.Of("otpauth_uri").ShouldBe($"otpauth://totp/Souk:{jo.Username}?secret={added.Of("secret")}&issuer=Souk&algorithm=SHA1&digits=6&period=30");
        Convert.FromBase64String(added.Of("qr_code_png")).AsSpan(0, 8).ToArray().ShouldBe([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a], "a PNG begins so");
        added.Headers.CacheControl!.NoStore.ShouldBeTrue();
        (await jo.Post("customers", Adding, new { current_password = TestShop.Password })).Of("secret").ShouldNotBe(added.Of("secret"));
    }

    [Fact]
    public async Task Only_who_knows_the_password_adds_the_first_factor()
    {
        var jo = await shop.NewCustomer();

        (await jo.Post("customers", Adding, new { })).ShouldRefuse(403, "current_password_wrong");
        (await jo.Post("customers", Adding, new { current_password = "seven red apples" })).ShouldRefuse(403, "current_password_wrong");
        (await jo.Post("customers", "/api/v2/second-factor/passkeys/options", new { current_password = "seven red apples" })).ShouldRefuse(403, "current_password_wrong");
    }

    [Fact]
    public async Task An_app_counts_once_its_first_code_was_seen()
    {
        var jo = await shop.NewCustomer();
        (await jo.Post("customers", Confirming, new { code = "123456" })).ShouldRefuse(409, "no_authenticator_waits");
        var phone = new Phone(shop, (await jo.Post("customers", Adding, new { current_password = TestShop.Password })).Of("secret"), []);

        (await jo.Post("customers", Confirming, new { code = phone.Code(later: 5) })).ShouldRefuse(403, "second_factor_wrong");
        (await jo.Reads("/api/v2/second-factor")).Text.ShouldBe("""{"enabled":false,"authenticator_since":null,"passkeys":[],"recovery_codes_left":0}""");
        (await shop.SignIn(jo.Username, null)).Code.ShouldBe(200, "nothing is asked for yet");

        var first = phone.Code();
        var confirmed = await jo.Post("customers", Confirming, new { code = first });
        confirmed["codes"].GetArrayLength().ShouldBe(10);
        confirmed["codes"].EnumerateArray().Select(c => c.GetString()!.Split('-')).ShouldAllBe(groups => groups.Length == 4 && groups.All(g => g.Length == 4));
        var now = await jo.Reads("/api/v2/second-factor");
        (now["enabled"].GetBoolean(), now["recovery_codes_left"].GetInt32()).ShouldBe((true, 10));
        now["authenticator_since"].GetDateTime().ShouldBe(shop.Clock.GetUtcNow().UtcDateTime, TimeSpan.FromMinutes(1));
        (await shop.SignIn(jo.Username, first)).ShouldRefuse(403, "second_factor_wrong");
        (await jo.Post("customers", Confirming, new { code = phone.Code(1) })).ShouldRefuseStepUp();
    }

    [Fact]
    public async Task Signing_in_asks_for_a_code_once_the_password_is_right()
    {
        var jo = await shop.NewCustomer();
        var phone = await jo.AddsPhone(shop);

        (await shop.SignIn(jo.Username, null)).ShouldRefuse(401, "second_factor_required");
        (await shop.SignIn(jo.Username, null, "seven red apples")).ShouldRefuse(401, "invalid_credentials");
        (await shop.SignIn(jo.Username, phone.Code(1), "seven red apples")).ShouldRefuse(401, "invalid_credentials");
        (await shop.SignIn(jo.Username, phone.Code(5))).ShouldRefuse(403, "second_factor_wrong");

        var token = new JsonWebToken((await shop.SignIn(jo.Username, phone.Code(1))).Of("access_token"));
        token.GetPayloadValue<bool>("factors").ShouldBeTrue();
        DateTimeOffset.FromUnixTimeSeconds(token.GetPayloadValue<long>("factor_at")).UtcDateTime.ShouldBe(shop.Clock.GetUtcNow().UtcDateTime, TimeSpan.FromMinutes(1));
        (await shop.SignIn(jo.Username, phone.RecoveryCodes[0].ToLowerInvariant().Replace('-', ' '))).Code.ShouldBe(200, "as people type it");
    }

    [Fact]
    public async Task The_first_factor_ends_the_sessions_that_began_without_it()
    {
        var jo = await shop.NewCustomer();
        var elsewhere = await shop.SignsIn(jo.Username, TestShop.Password);

        await jo.AddsPhone(shop);

        (await elsewhere.Reads(jo.Path())).ShouldRefuse(401, "unauthenticated");
        (await jo.Reads(jo.Path())).Must(200);
    }

    [Fact]
    public async Task A_code_where_there_is_no_factor_is_passed_over()
    {
        var jo = await shop.NewCustomer();

        new JsonWebToken((await shop.SignIn(jo.Username, "123456")).Of("access_token")).TryGetPayloadValue<long>("factor_at", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task Security17_the_first_contract_cant_ask_for_a_factor_and_says_so()
    {
        var jo = await shop.NewCustomer();
        await jo.AddsPhone(shop);

        (await shop.Visitor.Post("customers", "/api/v1/customer/auth/login", new { username = jo.Username, password = TestShop.Password })).ShouldDetail(401);
        var inReviews = await shop.Visitor.Post("reviews", "/api/v1/reviews/auth/login", new { username = jo.Username, password = TestShop.Password });
        inReviews.ShouldDetail(401);
        inReviews.Text.ShouldContain("/api/v2/tokens");
    }

    [Fact]
    public async Task Deleting_an_account_takes_its_factors_along()
    {
        var jo = await shop.NewCustomer();
        await jo.AddsPhone(shop);

        (await shop.Admin.Delete("customers", jo.Path())).Must(204);

        await using var db = shop.Database();
        (await db.Authenticators.AnyAsync(a => a.CustomerId == jo.Id)).ShouldBeFalse();
        (await db.RecoveryCodes.AnyAsync(c => c.CustomerId == jo.Id)).ShouldBeFalse();
    }
}
