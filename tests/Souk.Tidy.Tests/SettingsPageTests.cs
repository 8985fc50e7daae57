using Souk.Platform.Hosting;

namespace Souk.Tidy.Tests;

/// <summary><c>docs/settings.md</c> lists every setting.</summary>
public class SettingsPageTests
{
    [Fact]
    public void Every_setting_stands_on_the_page_once_and_no_other_does()
    {
        // Some stand there with more words than the start looks at, and those of a vault stand there one by one.
        var page = File.ReadLines(Path.Combine(Repository.Root, "docs", "settings.md")).Where(l => l.StartsWith("| `", StringComparison.Ordinal))
            .Select(l => l.Split('`')[1]).Select(s => s.EndsWith(":…", StringComparison.Ordinal) || s.StartsWith("Services:", StringComparison.Ordinal) ? s[..s.LastIndexOf(':')] : s);

        page.ShouldBe(KnownSettings.Names.Where(n => n != "Souk:Vault"), ignoreOrder: true);
    }
}
