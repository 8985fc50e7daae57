using System.Reflection;
using Souk.Platform.Errors;

namespace Souk.Tidy.Tests;

/// <summary><c>docs/errors.md</c> lists every refusal, as it is.</summary>
public class ErrorPageTests
{
    [Fact]
    public void Every_refusal_stands_on_the_page_with_its_status_and_no_other_does()
    {
        var page = File.ReadLines(Path.Combine(Repository.Root, "docs", "errors.md"))
            .Select(l => l.Split('|', StringSplitOptions.TrimEntries)).Where(c => c.Length > 3 && c[1].StartsWith('`'))
            .ToDictionary(c => c[1].Trim('`'), c => c[2]);

        page.ShouldBe(Kinds().ToDictionary(k => k.Code, k => $"{k.Status}"), ignoreOrder: true);
    }

    [Fact]
    public void A_code_means_one_thing()
    {
        Kinds().GroupBy(k => k.Code).Where(g => g.Count() > 1).ShouldBeEmpty();
    }

    private static ErrorKind[] Kinds() =>
        [.. AppDomain.CurrentDomain.GetAssemblies().Concat(Shop.Services.Select(s => s.Map.Method.Module.Assembly)).Append(typeof(Contracts.ShopErrors).Assembly).Append(typeof(CommonErrors).Assembly)
            .Distinct().Where(a => a.GetName().Name!.StartsWith("Souk", StringComparison.Ordinal))
            .SelectMany(a => a.GetTypes()).SelectMany(t => t.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
            .Where(f => f.FieldType == typeof(ErrorKind)).Select(f => (ErrorKind)f.GetValue(null)!)];
}
