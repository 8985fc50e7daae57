using Souk.Testing;

namespace Souk.Reviews.Tests;

public class V1FieldTests(TestShop shop)
{
    /// <summary>Field, value as JSON, and the name that Pydantic gives the broken rule.</summary>
    public static TheoryData<string, string, string> Wrong { get; } = new()
    {
        { "customer_id", "\"\"", "string_too_short" },
        { "customer_id", "5", "string_type" },
        { "customer_id", $"\"{new string('u', 101)}\"", "string_too_long" },
        { "item_id", "\"first\"", "int_parsing" },
        { "item_id", "1.5", "int_from_float" },
        { "rating", "-1", "greater_than_equal" },
        { "rating", "6", "less_than_equal" },
        { "rating", "4.5", "int_from_float" },
        { "rating", "\"good\"", "int_parsing" },
        { "comment", "\"\"", "string_too_short" },
        { "comment", $"\"{new string('c', 1001)}\"", "string_too_long" },
        { "comment", "[]", "string_type" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task Each_field_of_a_review_has_its_rules(string field, string json, string type)
    {
        var body = Body(("customer_id", "\"admin\""), ("item_id", "1"), ("rating", "4"), ("comment", "\"Good.\""), (field, json));
        (await shop.Admin.Post("reviews", "/api/v1/reviews/submit", body)).RefusesV1Field(type, "body", field);
        (await shop.Admin.Put("reviews", "/api/v1/reviews/update", body)).RefusesV1Field(type, "body", field);
    }

    [Fact]
    public async Task What_is_required_is_missed()
    {
        Missing(await shop.Admin.Post("reviews", "/api/v1/reviews/submit", "{}"), "body", "customer_id", "item_id", "rating", "comment");
        Missing(await shop.Admin.Put("reviews", "/api/v1/reviews/update", "{}"), "body", "customer_id", "item_id");
        Missing(await shop.Admin.Delete("reviews", "/api/v1/reviews/delete"), "query", "customer_id", "item_id");
        Missing(await shop.Visitor.Get("reviews", "/api/v1/reviews/details"), "query", "customer_id", "item_id");
        Missing(await shop.Admin.Put("reviews", "/api/v1/reviews/moderate"), "query", "customer_id", "item_id", "new_flag");
        Missing(await shop.Visitor.Post("reviews", "/api/v1/reviews/auth/login", "{}"), "body", "username", "password");

        static void Missing(Answer refused, string place, params string[] fields)
        {
            refused.Must(422);
            refused["detail"].EnumerateArray().Select(e => ($"{e.GetProperty("type")}", $"{e.GetProperty("loc")[0]}", $"{e.GetProperty("loc")[1]}"))
                .ShouldBe(fields.Select(f => ("missing", place, f)), ignoreOrder: true);
        }
    }

    [Fact]
    public async Task The_words_are_those_of_Pydantic()
    {
        (await shop.Admin.Post("reviews", "/api/v1/reviews/submit", Body(("customer_id", "\"admin\""), ("item_id", "1"), ("rating", "6"), ("comment", "\"Good.\"")))).Says(422, """
            {"detail": [{"type": "less_than_equal", "loc": ["body", "rating"], "msg": "Input should be less than or equal to 5", "input": 6, "ctx": {"le": 5}}]}
            """);
        (await shop.Visitor.Get("reviews", "/api/v1/reviews/item/first")).Says(422, """
            {"detail": [{"type": "int_parsing", "loc": ["path", "item_id"], "msg": "Input should be a valid integer, unable to parse string as an integer", "input": "first"}]}
            """);
        var flag = await shop.Admin.Put("reviews", "/api/v1/reviews/moderate?customer_id=admin&item_id=1&new_flag=hidden");
        flag.RefusesV1Field("literal_error", "query", "new_flag");
    }

    [Fact]
    public async Task Numbers_may_come_as_text_and_strangers_are_passed_over()
    {
        var item = await shop.NewProduct();
        var john = await shop.NewBuyer(item);
        (await john.Post("reviews", "/api/v1/reviews/submit", Body(("customer_id", $"\"{john.Username}\""), ("item_id", $"\"{item}\""), ("rating", "\"3\""), ("comment", "\"Good.\""), ("flagged", "\"approved\"")))).Must(200);
        var seen = await john.Get("reviews", $"/api/v1/reviews/details?customer_id={john.Username}&item_id={item}");
        (seen["data.rating"].GetInt32(), seen.Of("data.flagged")).ShouldBe((3, "needs_approval"));
    }

    [Fact]
    public async Task Logging_in_answers_a_token_or_that_the_name_or_the_password_is_wrong()
    {
        var john = await shop.NewCustomer();
        var login = await Login(john.Username, RunningShop.Password);
        (login.Code, login.Of("message")).ShouldBe((200, "Successfully logged in"));
        login["data"].EnumerateObject().Select(f => f.Name).ShouldBe(["token"]);
        login.Headers.CacheControl!.NoStore.ShouldBeTrue();
        (await new Person(shop, john.Username, login.Of("data.token")).Get("customers", $"/api/v2/customers/{john.Username}")).Must(200);

        (await Login(john.Username, "wrong password")).Says(404, """{"detail": "Username or password is invalid"}""");
        (await Login("nobody-at-all", RunningShop.Password)).Says(404, """{"detail": "Username or password is invalid"}""");
    }

    [Fact]
    public async Task A_password_is_never_echoed()
    {
        const string Body = """{"username": 5, "password": "very secret words"}""";
        (await shop.Visitor.Post("reviews", "/api/v1/reviews/auth/login", Body)).Text.ShouldNotContain("secret");
        (await shop.Visitor.Post("reviews", "/api/v1/reviews/auth/login", """{"password": "very secret words"}""")).Text.ShouldNotContain("secret");
    }

    private Task<Answer> Login(string username, string password) => shop.Visitor.Post("reviews", "/api/v1/reviews/auth/login", new { username, password });

    /// <summary>A body as it stands; what comes later counts.</summary>
    private static string Body(params (string Name, string Json)[] fields) =>
        $"{{{string.Join(',', fields.GroupBy(f => f.Name).Select(f => $"\"{f.Key}\":{f.Last().Json}"))}}}";
}
