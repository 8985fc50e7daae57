using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Souk.Tidy.Tests;

/// <summary>What the executable is made of is written down, and nothing else gets in.</summary>
public class SupplyChainTests
{
    private const string Heading = "Packages in the executable, under the licence and the copyright that each states:";

    private static readonly JsonElement[] Components = [.. Read("sbom.json").GetProperty("components").EnumerateArray()];

    [Fact]
    public void Security32_every_project_has_a_lock_file_and_one_version_of_each_package()
    {
        var projects = XDocument.Load(Path.Combine(Repository.Root, "Souk.slnx")).Descendants("Project").Select(p => p.Attribute("Path")!.Value).ToArray();

        projects.Length.ShouldBeGreaterThan(15);
        projects.Where(p => !File.Exists(Path.Combine(Repository.Root, Path.GetDirectoryName(p)!, "packages.lock.json"))).ShouldBeEmpty();
        projects.SelectMany(p => Locked(Path.GetDirectoryName(p)!)).Distinct().GroupBy(p => p.Name).Where(g => g.Count() > 1).Select(g => string.Join(", ", g)).ShouldBeEmpty();
        XDocument.Load(Path.Combine(Repository.Root, "Directory.Packages.props")).Descendants("PackageVersion").Select(p => p.Attribute("Version")!.Value)
            .ShouldAllBe(v => Regex.IsMatch(v, "^[0-9]+(\\.[0-9]+)+$", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)), "a version is one version and no range");
    }

    [Fact]
    public void Security32_no_file_leads_to_another_source_of_packages() =>
        Repository.Tracked().Where(f => Path.GetFileName(f).Equals("nuget.config", StringComparison.OrdinalIgnoreCase)).ShouldBeEmpty();

    [Theory]
    [InlineData("", "", null)]
    [InlineData("\"requested\": \"", "\"requested\": \"[0.1.0, 8.8.8]\", \"was\": \"", "NU1004")]
    [InlineData("\"Polly.Core\"", "\"Polly.Cure\"", "NU1004")]
    [InlineData("\"contentHash\": \"", "\"contentHash\": \"AAAA", "NU1403")]
    public async Task Security32_CI_restores_what_the_lock_file_says_or_nothing(string written, string instead, string? refusal)
    {
        var folder = Directory.CreateTempSubdirectory("souk-lock-").FullName;
        foreach (var file in new[] { "Directory.Build.props", "Directory.Packages.props", "BannedSymbols.txt" })
        {
            File.Copy(Path.Combine(Repository.Root, file), Path.Combine(folder, file));
        }

        const string Project = """<Project Sdk="Microsoft.NET.Sdk"><ItemGroup><PackageReference Include="Polly.Core" /></ItemGroup></Project>""";
        await File.WriteAllTextAsync(Path.Combine(folder, "Locked.csproj"), Project);
        (await Restore(folder, ci: false)).Code.ShouldBe(0);
        var locked = Path.Combine(folder, "packages.lock.json");
        if (written.Length > 0)
        {
            await File.WriteAllTextAsync(locked, (await File.ReadAllTextAsync(locked)).Replace(written, instead, StringComparison.Ordinal));
        }

        var restored = await Restore(folder, ci: true);

        (restored.Code == 0).ShouldBe(refusal is null, restored.Output);
        restored.Output.ShouldContain(refusal ?? "Restored");
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Security32_the_bill_of_materials_lists_what_is_in_the_executable()
    {
        // Analyzers work while it is built and are not in it.
        var tools = XDocument.Load(Path.Combine(Repository.Root, "Directory.Build.props")).Descendants("PackageReference").Where(p => p.Attribute("PrivateAssets")?.Value == "all").Select(p => p.Attribute("Include")!.Value).ToHashSet();

        Read("sbom.json").GetProperty("specVersion").GetString().ShouldBe("1.6");
        Components.Select(c => (Name: Of(c, "name"), Version: Of(c, "version"))).ShouldBe(Locked("src/Souk").Where(p => !tools.Contains(p.Name)), ignoreOrder: true, "Renew it with .ci/sbom.");
        Components.ShouldAllBe(c => Of(c, "purl") == $"pkg:nuget/{Of(c, "name")}@{Of(c, "version")}");
        Components.ShouldAllBe(c => c.GetProperty("hashes")[0].GetProperty("content").GetString() == Hash(Of(c, "name"), Of(c, "version")));
    }

    [Fact]
    public void Security32_the_notice_names_each_package_with_its_licence()
    {
        var file = Path.Combine(Repository.Root, "NOTICE");
        var (rest, section) = (File.ReadAllText(file).Split($"\n{Heading}\n")[0], string.Join('\n', Components.Select(Notice).Order(StringComparer.OrdinalIgnoreCase)));
        var notice = $"{rest}\n{Heading}\n\n{section}\n";
        if (Environment.GetEnvironmentVariable("UPDATE_NOTICE") == "1")
        {
            File.WriteAllText(file, notice);
        }

        Components.ShouldAllBe(c => Licence(c).Length > 0);
        File.ReadAllText(file).ShouldBe(notice, "Renew it with .ci/sbom.");
    }

    /// <summary>The hash of a package as it was restored here.</summary>
    private static string Hash(string name, string version)
    {
        var packages = Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        return Convert.ToHexString(Convert.FromBase64String(File.ReadAllText(Directory.GetFiles(Path.Combine(packages, name.ToLowerInvariant(), version), "*.nupkg.sha512")[0])));
    }

    private static string Notice(JsonElement component) => $"{Of(component, "name")} — {Licence(component)} — {Of(component, "copyright").Trim()}";

    /// <summary>
    /// The licence's SPDX name. SQLite has none because it has no licence: it is in the public domain (https://sqlite.org/copyright.html).
    /// Otp.NET's stands in a file of its package only.
    /// </summary>
    private static string Licence(JsonElement component) =>
        component.TryGetProperty("licenses", out var licences)
            ? string.Join(" or ", licences.EnumerateArray().Select(l => l.TryGetProperty("license", out var one) ? Of(one, one.TryGetProperty("id", out _) ? "id" : "name") : Of(l, "expression")))
            : Of(component, "name") switch { "SourceGear.sqlite3" => "public domain", "Otp.NET" => "MIT", _ => "" };

    private static (string Name, string Version)[] Locked(string folder) =>
        [.. Read(Path.Combine(folder, "packages.lock.json")).GetProperty("dependencies").EnumerateObject().SelectMany(f => f.Value.EnumerateObject())
            .Where(p => p.Value.TryGetProperty("resolved", out _)).Select(p => (p.Name, p.Value.GetProperty("resolved").GetString()!)).Distinct()];

    private static async Task<(int Code, string Output)> Restore(string folder, bool ci)
    {
        var start = new ProcessStartInfo("dotnet", ["restore", folder, ci ? "--force" : "--nologo"]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, Environment = { ["CI"] = ci ? "true" : "false" } };
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync() + await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output);
    }

    private static JsonElement Read(string file) => JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, file))).RootElement;

    private static string Of(JsonElement of, string name) => of.TryGetProperty(name, out var text) ? text.GetString()! : "";
}
