using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Souk.Testing;

namespace Souk.Customers.Tests;

/// <summary>Words that the tests of this service share: its paths and the form of its answers.</summary>
internal static class Wire
{
    public static string Path(this Person person, string rest = "") => $"/api/v2/customers/{person.Username}{rest}";

    public static Task<Answer> Reads(this Person person, string path) => person.Get("customers", path);

    /// <summary>The answer is a problem (RFC 9457) with this status and code, about exactly these fields: <c>"name string_too_long"</c>.</summary>
    public static void ShouldRefuse(this Answer answer, int status, string code, params string[] fields)
    {
        (answer.Code, answer.ContentType).ShouldBe((status, "application/problem+json"), answer.Text);
        (answer.Problem, answer["status"].GetInt32(), answer.Of("type")).ShouldBe((code, status, $"urn:souk:error:{code}"));
        string[] members = ["type", "title", "status", "detail", "instance", "code", "trace_id"];
        answer.Json.Names().Except(["errors"]).ShouldBe(members);
        var errors = answer.Json.TryGetProperty("errors", out var list) ? list.EnumerateArray().Select(e => $"{e.GetProperty("field")} {e.GetProperty("code")}") : [];
        errors.ShouldBe(fields, ignoreOrder: true);
    }

    /// <summary>The answer is the first contract's refusal of a form, with exactly this one entry.</summary>
    public static void ShouldBe422(this Answer answer, string entry) => (answer.Code, answer.Text).ShouldBe((422, $$"""{"detail":[{{entry}}]}"""));

    /// <summary>The answer is the first contract's refusal that is one sentence.</summary>
    public static void ShouldDetail(this Answer answer, int status)
    {
        answer.Code.ShouldBe(status, answer.Text);
        answer.Json.Names().ShouldBe(["detail"]);
        answer["detail"].ValueKind.ShouldBe(JsonValueKind.String);
    }

    public static void ShouldBeText(this Answer answer, int status, string text) => (answer.Code, answer.Text).ShouldBe((status, text));

    public static IEnumerable<string> Names(this JsonElement json) => json.EnumerateObject().Select(p => p.Name);

    public static CustomersDb Database(this TestShop shop) => shop.Parts("customers").GetRequiredService<IDbContextFactory<CustomersDb>>().CreateDbContext();

    public static T Part<T>(this TestShop shop)
        where T : notnull => shop.Parts("customers").GetRequiredService<T>();
}
