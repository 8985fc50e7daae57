using System.Text;
using Souk.Testing;

namespace Souk.Customers.Tests.Requests;

/// <summary>What every operation with a body refuses, whatever the body is about. The caller may do everything, so nothing else is in the way.</summary>
public class FormTests(TestShop shop)
{
    public static TheoryData<string, string> Operations => new()
    {
        { "POST", "/api/v2/customers" },
        { "PATCH", "/api/v2/customers/{it}" },
        { "PUT", "/api/v2/customers/{it}/role" },
        { "POST", "/api/v2/tokens" },
        { "POST", "/api/v2/customers/{it}/wallet/top-ups" },
        { "POST", "/api/v2/customers/{it}/wallet/withdrawals" },
    };

    public static TheoryData<string, string> FirstOperations => new()
    {
        { "POST", "/api/v1/customer/auth/register" },
        { "POST", "/api/v1/customer/auth/login" },
        { "PUT", "/api/v1/customer/update/{it}" },
        { "PUT", "/api/v1/customer/wallet/{it}/charge" },
        { "PUT", "/api/v1/customer/wallet/{it}/deduct" },
    };

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task The_second_contract_refuses_what_it_can_t_read(string method, string path)
    {
        foreach (var broken in new[] { """{"name":""", "", "nonsense", """{"name":"a","name":"b"}""", Nested(40) })
        {
            var answer = await Sends(method, path, Json(broken));
            (answer.Code, answer.Problem, answer["errors"].GetArrayLength(), answer.Of("errors.0.code")).ShouldBe((400, "malformed_json", 1, "json_invalid"), broken);
        }

        (await Sends(method, path, new StringContent("{}", Encoding.UTF8, "text/plain"))).ShouldRefuse(415, "unsupported_media_type");
        (await Sends(method, path, new FormUrlEncodedContent([new("name", "a")]))).ShouldRefuse(415, "unsupported_media_type");
        (await Sends(method, path, Json($$"""{"name":"{{new string('x', 64 * 1024)}}"}"""))).ShouldRefuse(413, "body_too_large");
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task The_second_contract_refuses_fields_that_it_does_not_know(string method, string path)
    {
        var answer = await Sends(method, path, Json("""{"surprise":1}"""));

        (answer.Code, answer.Problem).ShouldBe((422, "validation_failed"));
        answer["errors"].EnumerateArray().Count(e => e.GetProperty("field").GetString() == "surprise" && e.GetProperty("code").GetString() == "extra_forbidden").ShouldBe(1);
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task A_body_is_an_object(string method, string path)
    {
        foreach (var other in new[] { "[]", "7", "\"text\"", "null", "true" })
        {
            (await Sends(method, path, Json(other))).ShouldRefuse(422, "validation_failed", "body model_attributes_type");
        }
    }

    [Theory]
    [MemberData(nameof(FirstOperations))]
    public async Task The_first_contract_refuses_what_it_can_t_read_in_its_own_form(string method, string path)
    {
        var broken = await Sends(method, path, Json("x"));
        broken.ShouldBe422("""{"type":"json_invalid","loc":["body",0],"msg":"JSON decode error","input":{},"ctx":{"error":"Expecting value"}}""");
        (await Sends(method, path, Json("[]"))).ShouldBe422(
            """{"type":"model_attributes_type","loc":["body"],"msg":"Input should be a valid dictionary or object to extract fields from","input":[]}""");
        (await Sends(method, path, new StringContent("{}", Encoding.UTF8, "text/plain"))).ShouldDetail(415);
        (await Sends(method, path, Json($$"""{"name":"{{new string('x', 64 * 1024)}}"}"""))).ShouldDetail(413);
    }

    [Fact]
    public async Task Nothing_is_served_where_nothing_is_and_no_method_but_those_there_are()
    {
        (await shop.Visitor.Reads("/api/v2/nothing")).ShouldRefuse(404, "not_found");
        (await shop.Visitor.Delete("customers", "/api/v2/customers")).ShouldRefuse(405, "method_not_allowed");
        (await shop.Visitor.Reads("/api/v1/customer/nothing")).ShouldBeText(404, """{"detail":"Not Found"}""");
        (await shop.Visitor.Reads("/api/v1/customer/auth/register")).ShouldBeText(405, """{"detail":"Method Not Allowed"}""");
    }

    private static string Nested(int depth) => $$"""{"name":{{new string('[', depth)}}{{new string(']', depth)}}}""";

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    private async Task<Answer> Sends(string method, string path, HttpContent body)
    {
        var it = await shop.NewCustomer();
        return await shop.Admin.Send(new HttpMethod(method), "customers", path.Replace("{it}", it.Username, StringComparison.Ordinal), body, ifMatch: method == "PATCH" ? "*" : null);
    }
}
