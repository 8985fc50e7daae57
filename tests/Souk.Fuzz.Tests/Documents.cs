using System.Text.Json;
using Souk.Fuzz.Oracles;
using Souk.Fuzz.Requests;

namespace Souk.Fuzz.Tests;

/// <summary>The committed OpenAPI documents.</summary>
internal static class Documents
{
    public static IReadOnlyList<Operation> Operations { get; } =
    [
        .. Shop.Services.Select(s => s.Name).SelectMany(s => new Document(s, JsonDocument.Parse(File.ReadAllText(Path.Combine(ErrorPage.Root, "openapi", $"{s}.json"))).RootElement).Operations),
        Operation.Internal("sales", "GET", "/internal/purchases"),
    ];

    public static Operation Of(string id) => Operations.Single(o => o.Id == id);
}
