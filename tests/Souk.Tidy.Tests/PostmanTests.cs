using System.Text.Json;

namespace Souk.Tidy.Tests;

/// <summary>The Postman collection shows every operation: described, tested and with a real answer.</summary>
public class PostmanTests
{
    private static readonly Request[] Requests = [.. Collection()];

    public static TheoryData<string, string, string> Operations()
    {
        var operations = new TheoryData<string, string, string>();
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Repository.Root, "openapi"), "*.json").Order(StringComparer.Ordinal))
        {
            foreach (var path in Read(file).GetProperty("paths").EnumerateObject())
            {
                operations.AddRange([.. path.Value.EnumerateObject().Select(o => (Path.GetFileNameWithoutExtension(file), o.Name.ToUpperInvariant(), path.Name))]);
            }
        }

        return operations;
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public void Every_operation_has_a_request_under_its_contract(string service, string method, string path)
    {
        var wanted = Named(service, method, path);

        Requests.Where(r => r.Operation == wanted && (!path.StartsWith("/api/", StringComparison.Ordinal) || path.Split('/')[2] == r.Contract)).ShouldNotBeEmpty(wanted);
    }

    [Fact]
    public void Every_request_is_an_operation()
    {
        var operations = Operations().Select(o => o.Data).Select(o => Named(o.Item1, o.Item2, o.Item3)).ToHashSet();

        Requests.Select(r => r.Operation).Distinct().Where(r => !operations.Contains(r)).ShouldBeEmpty();
    }

    [Fact]
    public void Every_request_has_a_description_tests_and_a_saved_answer()
    {
        Requests.Length.ShouldBeGreaterThan(70);
        Requests.Where(r => !r.IsDescribed || !r.IsTested || !r.HasAnswers).Select(r => r.Name).ShouldBeEmpty();
    }

    private static IEnumerable<Request> Collection() =>
        from contract in Read(Path.Combine(Repository.Root, "postman", "Souk.postman_collection.json")).GetProperty("item").EnumerateArray()
        from service in contract.GetProperty("item").EnumerateArray()
        from request in service.GetProperty("item").EnumerateArray()
        select Request.Of(contract.GetProperty("name").GetString()!, service.GetProperty("name").GetString()!, request);

    private static JsonElement Read(string file) => JsonDocument.Parse(File.ReadAllText(file)).RootElement;

    private static string Named(string service, string method, string path) => $"{method} {{{{{service}Url}}}}{Shape(path)}";

    /// <summary>A path without the names of its parameters, which are {id} in OpenAPI and :id in Postman.</summary>
    private static string Shape(string path) =>
        string.Join('/', path.Split('/').Select(s => s.StartsWith(':') || (s.StartsWith('{') && !s.StartsWith("{{", StringComparison.Ordinal)) ? "*" : s));

    private sealed record Request(string Contract, string Name, string Operation, bool IsDescribed, bool IsTested, bool HasAnswers)
    {
        public static Request Of(string contract, string service, JsonElement item)
        {
            var request = item.GetProperty("request");
            var url = request.GetProperty("url").GetProperty("raw").GetString()!.Split('?')[0];
            return new Request(
                contract,
                $"{contract}/{service}/{item.GetProperty("name").GetString()}",
                $"{request.GetProperty("method").GetString()} {Shape(url)}",
                !string.IsNullOrWhiteSpace(request.GetProperty("description").GetString()),
                item.GetProperty("event").EnumerateArray().Any(Tests),
                item.GetProperty("response").GetArrayLength() > 0);
        }

        private static bool Tests(JsonElement script) =>
            script.GetProperty("listen").GetString() == "test"
            && script.GetProperty("script").GetProperty("exec").EnumerateArray().Any(line => line.GetString()!.Contains("pm.test(", StringComparison.Ordinal));
    }
}
