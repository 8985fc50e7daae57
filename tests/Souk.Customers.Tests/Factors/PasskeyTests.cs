using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.IdentityModel.JsonWebTokens;
using Souk.Customers.Factors;
using Souk.Testing;

namespace Souk.Customers.Tests.Factors;

/// <summary>Passkeys, made and used by a real browser. The clock is moved, so each test has a shop of its own.</summary>
public sealed class PasskeyTests : IAsyncLifetime
{
    private const string Page = "http://localhost:5999";
    private const string Passkeys = "/api/v2/second-factor/passkeys";

    private readonly TestShop _shop = new();

    public ValueTask InitializeAsync() => _shop.InitializeAsync();

    public ValueTask DisposeAsync() => _shop.DisposeAsync();

    [Fact]
    public async Task Security16_a_passkey_that_was_added_signs_in_without_a_password()
    {
        await using var browser = await Browser.At(Page);
        var jo = await _shop.NewCustomer();

        var added = await Adds(jo, browser);
        (added.Code, added.Of("passkey.name"), added["recovery_codes"].GetArrayLength()).ShouldBe((201, "My laptop", 10));
        (await jo.Reads("/api/v2/second-factor")).Of("passkeys.0.name").ShouldBe("My laptop");
        (await _shop.SignIn(jo.Username, null)).ShouldRefuse(401, "second_factor_required");

        var signedIn = await SignsIn(browser);

        signedIn.Code.ShouldBe(200, signedIn.Text);
        signedIn.Json.Names().ShouldBe(["access_token", "token_type", "expires_in", "refresh_token"]);
        signedIn.Headers.CacheControl!.NoStore.ShouldBeTrue();
        var again = new Person(_shop, jo.Username, signedIn.Of("access_token"));
        again.Id.ShouldBe(jo.Id);
        new JsonWebToken(again.Token).GetPayloadValue<bool>("factors").ShouldBeTrue();
        (await again.Patch("customers", again.Path(), new { address = "2 Side Street" })).Code.ShouldBe(200, "a passkey is a second factor, just shown");
        (await _shop.SignIn(jo.Username, added.Of("recovery_codes.0"))).Must(200);
    }

    [Fact]
    public async Task Security16_an_answer_of_the_browser_counts_once()
    {
        await using var browser = await Browser.At(Page);
        var jo = await _shop.NewCustomer();
        await Adds(jo, browser);
        var asked = await Asks();
        var answer = new { challenge_id = asked.Of("challenge_id"), credential = await browser.Uses(asked.Of("options")) };

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => _shop.Visitor.Post("customers", "/api/v2/tokens/passkey", answer)));

        answers.Count(a => a.Code == 200).ShouldBe(1);
        answers.Count(a => a.Code != 200 && a.Problem == "passkey_refused").ShouldBe(19);
        await using var db = _shop.Database();
        (await db.PasskeyChallenges.AnyAsync()).ShouldBeFalse("not every device counts its answers, so it must be the challenge that is spent");
        (await _shop.Visitor.Post("customers", "/api/v2/tokens/passkey", answer with { challenge_id = (await Asks()).Of("challenge_id") })).ShouldRefuse(400, "passkey_refused");
    }

    [Fact]
    public async Task Security17_a_passkey_steps_up_for_its_owner_alone()
    {
        await using var browser = await Browser.At(Page);
        var (jo, flo) = (await _shop.NewCustomer(), await _shop.NewCustomer());
        await Adds(jo, browser);
        await flo.AddsPhone(_shop);
        var refused = await jo.Send(HttpMethod.Patch, "customers", jo.Path(), new { address = "2 Side Street" }, ifMatch: "*");
        refused.ShouldRefuseStepUp();

        var asked = await jo.Post("customers", new Uri(refused.Of("step_up.passkey_options_url")).AbsolutePath);
        var answer = new { challenge_id = asked.Of("challenge_id"), credential = await browser.Uses(asked.Of("options")) };
        var path = new Uri(refused.Of("step_up.passkey_url")).AbsolutePath;

        (await flo.Post("customers", path, answer)).ShouldRefuse(400, "passkey_refused");
        (await _shop.Visitor.Post("customers", "/api/v2/tokens/passkey", answer)).ShouldRefuse(400, "passkey_refused");
        var shown = await jo.Post("customers", path, answer);
        shown.Code.ShouldBe(200, shown.Text);
        (await new Person(_shop, jo.Username, shown.Of("access_token")).Patch("customers", jo.Path(), new { address = "2 Side Street" })).Must(200);
    }

    [Fact]
    public async Task Security16_a_forged_answer_is_refused()
    {
        await using var browser = await Browser.At(Page);
        var (jo, flo) = (await _shop.NewCustomer(), await _shop.NewCustomer());
        await Adds(jo, browser);

        foreach (var forge in new Action<JsonNode>[]
        {
            credential => credential["response"]!["signature"] = "MEUCIQDJ",
            credential => credential["response"]!["userHandle"] = Base64(flo.Id.ToString()),
            credential => credential["response"]!["clientDataJSON"] = Base64("""{"type":"webauthn.get","challenge":"AAAA","origin":"http://localhost:5999","crossOrigin":false}"""),
            credential => credential["id"] = "AAAA",
            credential => credential.AsObject().Remove("response"),
        })
        {
            var asked = await Asks();
            var credential = JsonNode.Parse(await browser.Uses(asked.Of("options")))!;
            forge(credential);
            (await Answers(asked, credential.ToJsonString())).ShouldRefuse(400, "passkey_refused");
        }

        (await SignsIn(browser)).Code.ShouldBe(200, "and the true one is taken");
        (await Answers(await Asks(), "no JSON")).ShouldRefuse(400, "passkey_refused");
    }

    [Fact]
    public async Task Security16_pages_of_other_origins_are_refused()
    {
        await using var browser = await Browser.At(Page);
        await using var strict = new TestShop().With("Customers:PasskeyOrigins", "http://localhost:6000");
        await strict.InitializeAsync();
        var jo = await strict.NewCustomer();

        var refused = await Adds(jo, browser);

        refused.ShouldRefuse(400, "passkey_refused");
        refused.Of("detail").ShouldContain("origin");
    }

    [Fact]
    public async Task Security16_a_challenge_is_open_for_five_minutes_and_for_whom_it_was_made()
    {
        await using var browser = await Browser.At(Page);
        var (jo, flo) = (await _shop.NewCustomer(), await _shop.NewCustomer());
        var (asked, late) = (await AsksToAdd(jo), await AsksToAdd(jo));

        (await Adds(flo, asked, await browser.Makes(asked.Of("options")))).ShouldRefuse(400, "passkey_refused");
        _shop.Clock.Advance(TimeSpan.FromMinutes(5));
        (await Adds(jo, late, await browser.Makes(late.Of("options")))).ShouldRefuse(400, "passkey_refused");
        await Asks();
        await using var db = _shop.Database();
        (await db.PasskeyChallenges.CountAsync()).ShouldBe(1, "who asks sweeps up what nobody answered");
    }

    [Fact]
    public async Task Security16_a_passkey_that_was_removed_opens_nothing()
    {
        await using var browser = await Browser.At(Page);
        var (jo, flo) = (await _shop.NewCustomer(), await _shop.NewCustomer());
        var added = await Adds(jo, browser);
        var path = $"{Passkeys}/{added.Of("passkey.id")}";
        var asked = await Asks();
        var answer = await browser.Uses(asked.Of("options"));

        (await flo.Delete("customers", path)).ShouldRefuse(404, "passkey_not_found");
        (await jo.Delete("customers", path)).ShouldRefuseStepUp();
        var shown = await jo.ShowsFactor(_shop, added.Of("recovery_codes.0"));
        (await shown.Delete("customers", path)).Must(204);
        (await shown.Delete("customers", path)).ShouldRefuse(404, "passkey_not_found");

        (await Answers(asked, answer)).ShouldRefuse(400, "passkey_refused");
        (await _shop.SignIn(jo.Username, null)).Code.ShouldBe(200, "the last factor is gone");
    }

    [Theory]
    [InlineData("shop.example", "", "https://shop.example", true)]
    [InlineData("shop.example", "", "https://shop.example:8443", false)]
    [InlineData("shop.example", "", "http://shop.example", false)]
    [InlineData("shop.example", "", "https://evil.shop.example", false)]
    [InlineData("localhost", "", "http://localhost:3000", true)]
    [InlineData("shop.example", "https://www.shop.example,https://m.shop.example", "https://m.shop.example", true)]
    [InlineData("shop.example", "https://www.shop.example", "https://shop.example", false)]
    [InlineData("shop.example", "", "", false)]
    public async Task The_settings_say_which_pages_may_use_passkeys(string domain, string origins, string page, bool may)
    {
        var options = Rules(domain, origins).Options();

        (await options.ValidateOrigin!(new() { HttpContext = new Microsoft.AspNetCore.Http.DefaultHttpContext(), Origin = page, CrossOrigin = false })).ShouldBe(may);
        (await options.ValidateOrigin!(new() { HttpContext = new Microsoft.AspNetCore.Http.DefaultHttpContext(), Origin = page, CrossOrigin = true })).ShouldBeFalse("not inside of another's page");
    }

    [Theory]
    [InlineData("https://shop.example", "", "Customers:PasskeyDomain")]
    [InlineData("shop.example", "shop.example", "Customers:PasskeyOrigins")]
    [InlineData("shop.example", "https://shop.example/", "Customers:PasskeyOrigins")]
    public void Settings_that_cant_be_used_are_refused(string domain, string origins, string setting) =>
        Should.Throw<Platform.Hosting.SettingException>(() => Rules(domain, origins)).Message.ShouldContain(setting);

    private static PasskeyRules Rules(string domain, string origins) => PasskeyRules.Read(
        new Microsoft.Extensions.Configuration.ConfigurationManager { ["Customers:PasskeyDomain"] = domain, ["Customers:PasskeyOrigins"] = origins });

    private static string Base64(string text) => Microsoft.IdentityModel.Tokens.Base64UrlEncoder.Encode(text);

    private static Task<Answer> AsksToAdd(Person who) => who.Post("customers", $"{Passkeys}/options", new { current_password = TestShop.Password });

    private static Task<Answer> Adds(Person who, Answer asked, string credential) =>
        who.Post("customers", Passkeys, new { challenge_id = asked.Of("challenge_id"), credential, name = "My laptop" });

    private static async Task<Answer> Adds(Person who, Browser browser)
    {
        var asked = await AsksToAdd(who);
        asked.Code.ShouldBe(200, asked.Text);
        return await Adds(who, asked, await browser.Makes(asked.Of("options")));
    }

    private Task<Answer> Asks() => _shop.Visitor.Post("customers", "/api/v2/tokens/passkey-options");

    private Task<Answer> Answers(Answer asked, string credential) =>
        _shop.Visitor.Post("customers", "/api/v2/tokens/passkey", new { challenge_id = asked.Of("challenge_id"), credential });

    private async Task<Answer> SignsIn(Browser browser)
    {
        var asked = await Asks();
        return await Answers(asked, await browser.Uses(asked.Of("options")));
    }
}
