using System.Buffers.Text;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.IdentityModel.JsonWebTokens;
using Souk.Customers.Sessions;
using Souk.Testing;

namespace Souk.Customers.Tests.Sessions;

/// <summary><c>POST /api/v2/tokens/refresh</c>.</summary>
[Trait("security", "10")]
public class RefreshTests(TestShop shop)
{
    [Fact]
    public async Task Security10_a_refresh_token_buys_the_next_pair_of_the_same_session()
    {
        var device = await Device.New(shop);
        var (before, first) = (new JsonWebToken(device.Person.Token), device.RefreshToken);

        var answer = await shop.Refresh(first);

        answer.Must(200);
        answer.Json.Names().ShouldBe(["access_token", "token_type", "expires_in", "refresh_token"]);
        answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
        answer.Of("refresh_token").ShouldNotBe(first);
        var after = new JsonWebToken(answer.Of("access_token"));
        foreach (var claim in new[] { "sub", "sid", "auth_time" })
        {
            after.GetPayloadValue<object>(claim).ToString().ShouldBe(before.GetPayloadValue<object>(claim).ToString(), claim);
        }

        after.Id.ShouldNotBe(before.Id);
        (await new Person(shop, device.Person.Username, answer.Of("access_token")).Reads(device.Person.Path())).Must(200);
        (await shop.Refresh(answer.Of("refresh_token"))).Must(200);
    }

    [Fact]
    public async Task Security10_a_refresh_token_used_twice_ends_its_whole_family_and_no_other()
    {
        var device = await Device.New(shop);
        var other = await Device.Of(shop, device.Person.Username);
        var first = device.RefreshToken;
        await device.Refreshes();
        await device.Refreshes();

        (await shop.Refresh(first)).ShouldRefuse(401, "refresh_token_invalid");

        await device.ShouldBeSignedOut("the thief and the customer alike");
        await other.ShouldBeSignedIn();
    }

    [Fact]
    public async Task Security10_of_100_parallel_uses_of_one_token_one_succeeds_and_the_session_ends()
    {
        var device = await Device.New(shop);

        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => shop.Refresh(device.RefreshToken)));

        var won = answers.Where(a => a.Code == 200).ToArray();
        won.Length.ShouldBe(1);
        answers.Except(won).ShouldAllBe(a => a.Code == 401);
        (await shop.Refresh(won[0].Of("refresh_token"))).ShouldRefuse(401, "refresh_token_invalid");
        await device.ShouldBeSignedOut();
    }

    [Fact]
    public async Task Security10_a_made_up_token_is_refused_and_ends_nothing()
    {
        var device = await Device.New(shop);
        var bytes = Base64Url.DecodeFromChars(device.RefreshToken);
        var stranger = RefreshToken.First(device.Session).ToString();
        bytes[20] ^= 1;

        foreach (var made in new[] { stranger, Base64Url.EncodeToString(bytes), RefreshToken.First(Guid.CreateVersion7()).ToString(), "x", new string('A', 107), device.RefreshToken[..^1], device.Person.Token![..150] })
        {
            (await shop.Refresh(made)).ShouldRefuse(401, "refresh_token_invalid");
        }

        await device.ShouldBeSignedIn();
    }

    [Fact]
    public async Task Security10_only_digests_of_refresh_tokens_are_stored()
    {
        var device = await Device.New(shop);
        var halves = Base64Url.DecodeFromChars(device.RefreshToken)[16..].Chunk(32).ToArray();

        await using var db = shop.Database();
        var row = await db.Sessions.AsNoTracking().SingleAsync(s => s.Id == device.Session);

        row.FamilyHash.ShouldBe(System.Security.Cryptography.SHA256.HashData(halves[0]));
        row.TurnHash.ShouldBe(System.Security.Cryptography.SHA256.HashData(halves[1]));
        Encoding.Latin1.GetString([.. row.FamilyHash!, .. row.TurnHash!]).ShouldNotContain(Encoding.Latin1.GetString(halves[1]));
    }

    [Theory]
    [InlineData("{}", "refresh_token missing")]
    [InlineData("""{"refresh_token":7}""", "refresh_token string_type")]
    [InlineData("""{"refresh_token":""}""", "refresh_token string_too_short")]
    public async Task A_field_that_breaks_its_rule_is_named(string body, string field) =>
        (await shop.Visitor.Post("customers", "/api/v2/tokens/refresh", body)).ShouldRefuse(422, "validation_failed", field);
}
