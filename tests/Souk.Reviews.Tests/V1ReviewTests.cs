using System.Globalization;
using Souk.Testing;

namespace Souk.Reviews.Tests;

public class V1ReviewTests(TestShop shop)
{
    private const string V1 = "/api/v1/reviews";

    [Fact]
    public async Task A_review_is_submitted_once()
    {
        var (john, item) = await Buyer();

        (await Submit(john, john.Username, item)).Says(200, $$"""{"message": "Posted {{john.Username}}'s review for {{item}} successfully. Waiting for admin review to be completed ..."}""");
        (await Submit(john, john.Username, item)).Says(409, $$"""
            {"message": "{{john.Username}}'s review for {{item}} already exists. If you want to update send a put request instead of post."}
            """);
    }

    [Fact]
    public async Task An_item_that_does_not_exist_or_was_not_bought_is_a_bad_request()
    {
        var john = await shop.NewCustomer();
        var item = await shop.NewProduct();

        (await Submit(john, john.Username, 987654321)).Says(400, $$"""{"message": "Either customer '{{john.Username}}' or item with id '987654321' doesn't exist."}""");
        var unbought = await Submit(john, john.Username, item);
        (unbought.Code, unbought.Of("message")).ShouldBe((400, $"Customer '{john.Username}' has not bought item with id '{item}'."));
    }

    [Fact]
    public async Task Nobody_writes_in_the_name_of_another()
    {
        var (john, item) = await Buyer();
        await Submit(john, john.Username, item);
        var other = await shop.NewBuyer(item);

        foreach (var (person, code) in new[] { (shop.Visitor, 401), (other, 403), (shop.Admin, 403) })
        {
            Refused(await Submit(person, john.Username, item), code);
            Refused(await person.Put("reviews", $"{V1}/update", new { customer_id = john.Username, item_id = item, rating = 1 }), code);
        }

        Refused(await shop.Visitor.Delete("reviews", One("delete", john, item)), 401);
        Refused(await other.Delete("reviews", One("delete", john, item)), 403);
        (await john.Get("reviews", One("details", john, item)))["data.rating"].GetInt32().ShouldBe(4);

        static void Refused(Answer answer, int code)
        {
            answer.Code.ShouldBe(code);
            answer.Json.EnumerateObject().Select(f => f.Name).ShouldBe(["detail"]);
        }
    }

    [Fact]
    public async Task An_update_changes_what_is_sent()
    {
        var (john, item) = await Buyer();
        await Submit(john, john.Username, item);

        (await Update(john, item, new { customer_id = john.Username, item_id = item, rating = 5, comment = "Updated comment: I really love this item now!" })).Says(200, $$"""
            {"message": "Updated {{john.Username}}'s review for {{item}} successfully.",
             "data": {"customer_id": "{{john.Username}}", "item_id": {{item}}, "rating": 5, "comment": "Updated comment: I really love this item now!"} }
            """);
        (await Update(john, item, new { customer_id = john.Username, item_id = item, rating = 2 })).Of("data.comment").ShouldBe("Updated comment: I really love this item now!");
        (await Update(john, item, new { customer_id = john.Username, item_id = item })).Says(202, $$"""
            {"message": "{{john.Username}}'s review for {{item}} update request processed, but no new data available"}
            """);
        (await Update(john, item, new { customer_id = john.Username, item_id = 987654321, rating = 1 })).Says(404, $$"""{"message": "{{john.Username}}'s review for 987654321 not found"}""");
        (await Update(john, item, new { customer_id = john.Username, item_id = 987654321 })).Says(404, $$"""{"message": "{{john.Username}}'s review for 987654321 not found"}""");
    }

    [Theory]
    [InlineData("author")]
    [InlineData("moderator")]
    [InlineData("admin")]
    public async Task These_delete_a_review(string role)
    {
        var (john, item) = await Buyer();
        await Submit(john, john.Username, item);
        var who = role switch { "author" => john, "moderator" => await shop.NewModerator(), _ => shop.Admin };

        (await who.Delete("reviews", One("delete", john, item))).Says(200, """{"message": "Deleted review successfully."}""");
        (await who.Delete("reviews", One("delete", john, item))).Says(404, $$"""{"message": "{{john.Username}}'s review for {{item}} not found"}""");
    }

    [Fact]
    public async Task Reviews_are_fetched_by_item_by_customer_and_one_by_one()
    {
        var (john, item) = await Buyer();
        await Submit(john, john.Username, item);
        var waiting = await Shown(john, item, "needs_approval");

        foreach (var insider in new[] { john, await shop.NewModerator(), shop.Admin })
        {
            (await insider.Get("reviews", $"{V1}/item/{item}")).Says(200, $$"""{"message": "Fetched reviews successfully for item_id {{item}}.", "data": [{{waiting}}]}""");
            (await insider.Get("reviews", $"{V1}/customer/{john.Username}")).Says(200, $$"""{"message": "Fetched reviews successfully for customer_id {{john.Username}}.", "data": [{{waiting}}]}""");
            (await insider.Get("reviews", One("details", john, item))).Says(200, $$"""{"message": "Fetched review successfully for item_id {{item}} and customer_id {{john.Username}}.", "data": {{waiting}}}""");
        }

        foreach (var stranger in new[] { shop.Visitor, await shop.NewCustomer() })
        {
            (await stranger.Get("reviews", $"{V1}/item/{item}")).Says(200, $$"""{"message": "Fetched reviews successfully for item_id {{item}}.", "data": []}""");
            (await stranger.Get("reviews", $"{V1}/customer/{john.Username}"))["data"].GetArrayLength().ShouldBe(0);
            (await stranger.Get("reviews", One("details", john, item))).Says(404, $$"""{"message": "{{john.Username}}'s review for {{item}} not found"}""");
        }

        await Flag(shop.Admin, john.Username, item, "approved");
        (await shop.Visitor.Get("reviews", $"{V1}/item/{item}")).Of("data.0.flagged").ShouldBe("approved");
        (await shop.Visitor.Get("reviews", One("details", john, item))).Of("data.flagged").ShouldBe("approved");
    }

    [Fact]
    public async Task A_repeated_key_submits_once()
    {
        var (john, item) = await Buyer();
        for (var i = 0; i < 2; i++)
        {
            (await john.Post("reviews", $"{V1}/submit", Review(john.Username, item), key: "v1-submit")).Must(200);
        }

        (await john.Post("reviews", $"{V1}/submit", Review(john.Username, item, rating: 1), key: "v1-submit")).Must(422);
    }

    [Fact]
    public async Task Moderating_tells_from_where_to_where()
    {
        var (john, item) = await Buyer();
        await Submit(john, john.Username, item);
        var from = "needs_approval";
        foreach (var to in new[] { "approved", "flagged", "needs_approval", "needs_approval" })
        {
            (await Flag(await shop.NewModerator(), john.Username, item, to)).Says(200, $$$"""
                {"message": "Moderate review successfully for item_id {{{item}}} and customer_id {{{john.Username}}}. Changed it from {{{from}}} to {{{to}}}",
                 "data": {"review": {{{await Shown(john, item, to)}}}}}
                """);
            from = to;
        }
    }

    [Fact]
    public async Task Moderating_without_a_token_or_the_role_is_401()
    {
        var (john, item) = await Buyer();
        await Submit(john, john.Username, item);

        foreach (var person in new[] { shop.Visitor, new Person(shop, "x", "not.a.token"), john })
        {
            (await Flag(person, john.Username, item, "approved")).Says(401, """{"message": "Invalid Bearer Token"}""");
        }

        (await john.Get("reviews", One("details", john, item))).Of("data.flagged").ShouldBe("needs_approval");
    }

    [Fact]
    public async Task Moderating_tells_a_missing_customer_or_item_from_a_missing_review()
    {
        var (john, item) = await Buyer();

        (await Flag(shop.Admin, john.Username, item, "approved")).Says(404, $$"""{"message": "{{john.Username}}'s review for {{item}} not found"}""");
        (await Flag(shop.Admin, "nobody-at-all", item, "approved")).Says(400, $$"""{"message": "Customer 'nobody-at-all' or item with id '{{item}}' not found"}""");
        (await Flag(shop.Admin, john.Username, 987654321, "approved")).Says(400, $$"""{"message": "Customer '{{john.Username}}' or item with id '987654321' not found"}""");
    }

    [Fact]
    public async Task Health_speaks_as_in_the_contract() =>
        (await shop.Visitor.Get("reviews", "/health")).Says(200, """{"status": "OK", "db_status": "connected"}""");

    private static object Review(string customer, long item, int rating = 4) => new { customer_id = customer, item_id = item, rating, comment = "Great product!" };

    private static string One(string what, Person customer, long item) => $"{V1}/{what}?customer_id={customer.Username}&item_id={item}";

    private static Task<Answer> Submit(Person person, string customer, long item) => person.Post("reviews", $"{V1}/submit", Review(customer, item));

    private static Task<Answer> Update(Person person, long item, object body) => person.Put("reviews", $"{V1}/update", body);

    private static Task<Answer> Flag(Person person, string customer, long item, string flag) =>
        person.Put("reviews", $"{V1}/moderate?customer_id={customer}&item_id={item}&new_flag={flag}");

    private async Task<(Person John, long Item)> Buyer()
    {
        var item = await shop.NewProduct();
        return (await shop.NewBuyer(item), item);
    }

    /// <summary>The review as the contract shows it; the time, to the second, is the one that the second contract tells.</summary>
    private async Task<string> Shown(Person john, long item, string flag)
    {
        var updated = (await john.Looks($"product_id={item}"))["items.0.updated_at"].GetDateTime();
        var time = updated.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        return $$"""{"customer_id": "{{john.Username}}", "item_id": {{item}}, "rating": 4, "comment": "Great product!", "time": "{{time}}", "flagged": "{{flag}}"}""";
    }
}
