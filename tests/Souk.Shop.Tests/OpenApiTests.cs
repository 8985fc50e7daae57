using System.Runtime.CompilerServices;
using System.Text.Json;
using Souk.Testing;

namespace Souk.Tests;

/// <summary>The committed documents in <c>openapi/</c> are the ones that the services serve, and they are complete.</summary>
public class OpenApiTests(TestShop shop)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Theory]
    [InlineData("customers")]
    [InlineData("inventory")]
    [InlineData("sales")]
    [InlineData("reviews")]
    public async Task The_committed_document_is_the_served_one(string service)
    {
        var served = JsonSerializer.Serialize((await shop.Visitor.Get(service, "/openapi.json")).Json, Indented) + "\n";
        var file = Path.Combine(Root(), "openapi", $"{service}.json");
        if (Environment.GetEnvironmentVariable("UPDATE_OPENAPI") == "1")
        {
            await File.WriteAllTextAsync(file, served);
        }

        (await File.ReadAllTextAsync(file)).ShouldBe(served, "Renew it with UPDATE_OPENAPI=1 dotnet test tests/Souk.Shop.Tests.");
    }

    [Theory]
    [InlineData("customers")]
    [InlineData("inventory")]
    [InlineData("sales")]
    [InlineData("reviews")]
    public async Task Every_operation_is_described_with_examples_and_its_refusals(string service)
    {
        var document = (await shop.Visitor.Get(service, "/openapi.json")).Json;
        document.GetProperty("openapi").GetString()!.ShouldStartWith("3.1");
        foreach (var (name, operation) in document.GetProperty("paths").EnumerateObject().SelectMany(p => p.Value.EnumerateObject().Select(o => ($"{o.Name} {p.Name}", o.Value))))
        {
            operation.GetProperty("summary").GetString().ShouldNotBeNullOrWhiteSpace(name);
            operation.GetProperty("description").GetString().ShouldNotBeNullOrWhiteSpace(name);
            operation.GetProperty("x-access").GetString().ShouldNotBeNullOrWhiteSpace(name);
            foreach (var answer in operation.GetProperty("responses").EnumerateObject().Where(a => a.Value.TryGetProperty("content", out _)))
            {
                var content = answer.Value.GetProperty("content").EnumerateObject().First().Value;
                content.TryGetProperty("schema", out _).ShouldBeTrue($"{name} {answer.Name} has a schema");
                (content.TryGetProperty("example", out _) || content.TryGetProperty("examples", out _)).ShouldBeTrue($"{name} {answer.Name} has an example");
            }

            if (operation.TryGetProperty("requestBody", out var body))
            {
                body.GetProperty("content").GetProperty("application/json").TryGetProperty("example", out _).ShouldBeTrue($"{name} has an example of its body");
            }

            operation.GetProperty("responses").EnumerateObject().Any(a => a.Name[0] is '4' or '5').ShouldBeTrue($"{name} says how it can refuse");
        }
    }

    [Theory]
    [InlineData("customers")]
    [InlineData("inventory")]
    [InlineData("sales")]
    [InlineData("reviews")]
    public async Task Every_service_has_an_API_page_that_needs_nothing_from_elsewhere(string service)
    {
        var page = await shop.Visitor.Get(service, "/docs/index.html");

        page.Must(200);
        page.ContentType.ShouldBe("text/html");
        page.Text.ShouldNotContain("https://");
        (await shop.Visitor.Get(service, "/docs/swagger-ui-bundle.js")).Must(200);
    }

    private static string Root([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", ".."));
}
