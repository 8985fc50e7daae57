using Souk.Testing;

namespace Souk.Customers.Tests.Requests;

/// <summary>Who may call what: each operation by each role, in both contracts. <c>{it}</c> is the customer it is about.</summary>
public class AccessTests(TestShop shop)
{
    private const string Register = """{"name":"A","username":"{new}","password":"seven green apples","age":1,"address":"B","gender":true,"marital_status":"single"}""";
    private const string Credentials = """{"username":"{it}","password":"seven green apples"}""";
    private const string Money = """{"amount":{"amount":"1.00","currency":"USD"}}""";

    [Theory]
    [InlineData("POST", "/api/v2/customers", Register, 201, 201, 201, 201, 201)]
    [InlineData("GET", "/api/v2/customers", null, 401, 403, 403, 403, 200)]
    [InlineData("GET", "/api/v2/customers/{it}", null, 401, 200, 404, 404, 200)]
    [InlineData("PATCH", "/api/v2/customers/{it}", """{"age":3}""", 401, 200, 404, 404, 200)]
    [InlineData("DELETE", "/api/v2/customers/{it}", null, 401, 204, 404, 404, 204)]
    [InlineData("PUT", "/api/v2/customers/{it}/role", """{"role":"moderator"}""", 401, 403, 403, 403, 200)]
    [InlineData("GET", "/api/v2/customers/{it}/wallet", null, 401, 200, 404, 404, 200)]
    [InlineData("GET", "/api/v2/customers/{it}/wallet/entries", null, 401, 200, 404, 404, 200)]
    [InlineData("POST", "/api/v2/customers/{it}/wallet/top-ups", Money, 401, 201, 404, 404, 201)]
    [InlineData("POST", "/api/v2/customers/{it}/wallet/withdrawals", Money, 401, 201, 404, 404, 201)]
    [InlineData("POST", "/api/v2/tokens", Credentials, 200, 200, 200, 200, 200)]
    [InlineData("GET", "/.well-known/jwks.json", null, 200, 200, 200, 200, 200)]
    [InlineData("GET", "/health", null, 200, 200, 200, 200, 200)]
    [InlineData("GET", "/health/live", null, 200, 200, 200, 200, 200)]
    [InlineData("GET", "/health/ready", null, 200, 200, 200, 200, 200)]
    [InlineData("POST", "/api/v1/customer/auth/register", Register, 201, 201, 201, 201, 201)]
    [InlineData("POST", "/api/v1/customer/auth/login", Credentials, 200, 200, 200, 200, 200)]
    [InlineData("GET", "/api/v1/customer/get", null, 401, 403, 403, 403, 200)]
    [InlineData("GET", "/api/v1/customer/get/{it}", null, 401, 200, 403, 403, 200)]
    [InlineData("PUT", "/api/v1/customer/update/{it}", """{"age":3}""", 401, 200, 403, 403, 200)]
    [InlineData("PUT", "/api/v1/customer/update/{it}", """{"role":"moderator"}""", 401, 403, 403, 403, 200)]
    [InlineData("DELETE", "/api/v1/customer/delete/{it}", null, 401, 200, 403, 403, 200)]
    [InlineData("PUT", "/api/v1/customer/wallet/{it}/charge", """{"amount":1}""", 401, 200, 403, 403, 200)]
    [InlineData("PUT", "/api/v1/customer/wallet/{it}/deduct", """{"amount":1}""", 401, 200, 403, 403, 200)]
    public async Task Each_role_gets_its_answer(string method, string path, string? body, int visitor, int themself, int another, int moderator, int admin)
    {
        var expected = new[] { visitor, themself, another, moderator, admin };
        for (var role = 0; role < expected.Length; role++)
        {
            var it = await shop.NewCustomer(money: 10);
            var caller = role switch { 0 => shop.Visitor, 1 => it, 2 => await shop.NewCustomer(), 3 => await shop.NewModerator(), _ => shop.Admin };
            var sent = body?.Replace("{it}", it.Username, StringComparison.Ordinal).Replace("{new}", shop.NewName(), StringComparison.Ordinal);

            var answer = await caller.Send(new HttpMethod(method), "customers", path.Replace("{it}", it.Username, StringComparison.Ordinal), sent, ifMatch: method == "PATCH" ? "*" : null);

            answer.Code.ShouldBe(expected[role], $"{method} {path} by role {role}: {answer.Text}");
            CheckRefusal(answer, path);
            if (role > 0 && expected[role] >= 400)
            {
                (await it.Balance()).ShouldBe(10m);
                (await it.Reads(it.Path())).ETag.ShouldBe("\"v1\"", "a refused call changes nothing");
            }
        }
    }

    [Theory]
    [InlineData("GET", "/internal/customers?username=admin")]
    [InlineData("POST", "/internal/v1-login")]
    [InlineData("POST", "/internal/holds")]
    [InlineData("POST", "/internal/sale-ends")]
    [InlineData("POST", "/internal/events")]
    public async Task What_services_ask_each_other_takes_no_users_token(string method, string path)
    {
        foreach (var caller in new[] { shop.Visitor, await shop.NewCustomer(), shop.Admin })
        {
            (await caller.Send(new HttpMethod(method), "customers", path, method == "POST" ? "[]" : null)).ShouldRefuse(401, "unauthenticated");
        }
    }

    [Theory]
    [InlineData("/api/v2/customers")]
    [InlineData("/api/v2/customers/admin")]
    [InlineData("/api/v2/customers/admin/wallet")]
    [InlineData("/api/v1/customer/get")]
    public async Task What_users_ask_takes_no_services_token(string path) => (await shop.AsSales().Reads(path)).Must(401);

    private static void CheckRefusal(Answer answer, string path)
    {
        if (answer.Code >= 400 && path.StartsWith("/api/v1", StringComparison.Ordinal))
        {
            answer.ShouldDetail(answer.Code);
        }
        else if (answer.Code >= 400)
        {
            answer.ShouldRefuse(answer.Code, answer.Code switch { 401 => "unauthenticated", 403 => "forbidden", _ => "customer_not_found" });
        }
    }
}
