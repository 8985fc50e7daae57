using Souk.Testing;

namespace Souk.Customers.Tests.Sessions;

/// <summary><c>GET /api/v2/customers/{username}/sessions</c>.</summary>
public class ListTests(TestShop shop)
{
    [Fact]
    public async Task A_customer_sees_where_they_are_signed_in_the_latest_used_first()
    {
        var first = await Device.New(shop);
        var second = await Device.Of(shop, first.Person.Username);
        await first.Refreshes();

        var answer = await first.Person.Reads(first.Person.Path("/sessions"));

        // The one that registered signed in as well.
        answer["items"].GetArrayLength().ShouldBe(3);
        (answer.Of("items.0.id"), answer.Of("items.1.id")).ShouldBe((first.Session.ToString(), second.Session.ToString()));
        (answer["items.0.current"].GetBoolean(), answer["items.1.current"].GetBoolean()).ShouldBe((true, false));
        answer.Of("items.0.address").ShouldBe("127.0.0.1");
        answer["items.0"].Names().ShouldBe(["id", "current", "address", "agent", "started_at", "used_at", "ends_at", "factor_at"]);
        (answer["items.0.ends_at"].GetDateTime() - answer["items.0.used_at"].GetDateTime()).ShouldBe(TimeSpan.FromDays(14));
        answer.Text.ShouldNotContain(first.RefreshToken);
    }

    [Fact]
    public async Task Pages_follow_each_other_and_ended_sessions_are_not_shown()
    {
        var device = await Device.New(shop);
        var others = new List<Device>();
        for (var i = 0; i < 4; i++)
        {
            others.Add(await Device.Of(shop, device.Person.Username));
        }

        (await device.Person.Delete("customers", device.Person.Path($"/sessions/{others[1].Session}"))).Must(204);
        var (seen, next) = (new List<string>(), "");
        do
        {
            var page = await device.Person.Reads(device.Person.Path($"/sessions?limit=2{next}"));
            seen.AddRange(page["items"].EnumerateArray().Select(s => s.GetProperty("id").GetString()!));
            next = page["next"].GetString() is { } after ? $"&after={after}" : null;
        }
        while (next is not null);

        seen.Take(4).ShouldBe(new[] { others[3], others[2], others[0], device }.Select(d => d.Session.ToString()));
        seen.Count.ShouldBe(5);
    }

    [Fact]
    public async Task A_customer_has_a_hundred_sessions_at_most_and_the_one_unused_for_longest_ends()
    {
        var device = await Device.New(shop);
        var first = await Device.Of(shop, device.Person.Username);
        for (var i = 0; i < 97; i++)
        {
            await Device.Of(shop, device.Person.Username);
        }

        await device.ShouldBeSignedIn();
        await first.ShouldBeSignedIn();
        await Device.Of(shop, device.Person.Username);
        await Device.Of(shop, device.Person.Username);

        await first.ShouldBeSignedIn();
        var answer = await device.Person.Reads(device.Person.Path("/sessions?limit=100"));
        (answer["items"].GetArrayLength(), answer["next"].ValueKind).ShouldBe((100, System.Text.Json.JsonValueKind.Null));
    }
}
