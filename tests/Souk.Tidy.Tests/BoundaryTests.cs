using System.Xml.Linq;

namespace Souk.Tidy.Tests;

/// <summary>Who may know whom.</summary>
public class BoundaryTests
{
    private static readonly Dictionary<string, string[]> MayReference = new()
    {
        ["Souk.Platform"] = [],
        ["Souk.Contracts"] = ["Souk.Platform"],
        ["Souk.Customers"] = ["Souk.Contracts"],
        ["Souk.Inventory"] = ["Souk.Contracts"],
        ["Souk.Sales"] = ["Souk.Contracts"],
        ["Souk.Reviews"] = ["Souk.Contracts"],
        ["Souk"] = ["Souk.Customers", "Souk.Inventory", "Souk.Sales", "Souk.Reviews"],
    };

    [Fact]
    public void Services_know_the_contracts_and_never_each_other()
    {
        var projects = Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.csproj", SearchOption.AllDirectories).ToDictionary(f => Path.GetFileNameWithoutExtension(f)!);

        projects.Keys.ShouldBe(MayReference.Keys, ignoreOrder: true);
        foreach (var (name, file) in projects)
        {
            References(file).ShouldBe(MayReference[name], ignoreOrder: true, $"references of {name}");
        }
    }

    [Theory]
    [InlineData("product")]
    [InlineData("wallet")]
    [InlineData("review")]
    [InlineData("customer_")]
    [InlineData("stock")]
    public void The_platform_knows_nothing_about_shops(string word)
    {
        // Doc comments may take an example from the shop; code may not.
        var lines = Repository.Sources("src/Souk.Platform")
            .SelectMany(f => File.ReadLines(f).Select(line => (File: Repository.Name(f), Line: line.Trim())))
            .Where(x => !x.Line.StartsWith("//", StringComparison.Ordinal) && x.Line.Contains(word, StringComparison.OrdinalIgnoreCase))
            .Where(x => Path.GetFileName(x.File) is not ("SoukSettings.cs" or "KnownSettings.cs"));

        lines.ShouldBeEmpty();
    }

    [Fact]
    public void Contracts_hold_records_and_no_logic()
    {
        var logic = Repository.Sources("src/Souk.Contracts").SelectMany(File.ReadLines)
            .Where(l => l.Contains("if (", StringComparison.Ordinal) || l.Contains("foreach", StringComparison.Ordinal) || l.Contains("await ", StringComparison.Ordinal));

        logic.ShouldBeEmpty();
    }

    private static string[] References(string project) =>
        [.. XDocument.Load(project).Descendants("ProjectReference").Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value.Replace('\\', '/')))];
}
