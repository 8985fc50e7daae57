using Microsoft.Extensions.Configuration;
using Souk.Platform.Hosting;
using Souk.Platform.Secrets;
using Souk.Testing;

namespace Souk.Tests.Secrets;

/// <summary>Settings from files, as Docker and Kubernetes mount secrets.</summary>
[Trait("security", "30")]
public sealed class SecretFilesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("souk-secrets-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("Souk__ServiceKey")]
    [InlineData("Souk--ServiceKey")]
    public async Task Security30_a_file_is_a_setting_and_the_line_break_at_its_end_is_not_part_of_it(string name)
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, name), "from a file\n");

        using var settings = await Read();

        settings["Souk:ServiceKey"].ShouldBe("from a file");
    }

    [Fact]
    public async Task Security30_what_stands_closer_to_the_process_wins_over_files()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "Souk__ServiceKey"), "from a file");

        using var settings = await Read(new KeyValuePair<string, string?>("Souk:ServiceKey", "given"));

        settings["Souk:ServiceKey"].ShouldBe("given");
    }

    [Fact]
    public async Task Security30_a_folder_that_Kubernetes_swaps_is_read_again()
    {
        // As the kubelet does it: each file is a link through the link ..data, which is swapped as a whole.
        Version("..first", "old");
        Directory.CreateSymbolicLink(Path.Combine(_folder, "..data"), "..first");
        File.CreateSymbolicLink(Path.Combine(_folder, "Souk__AdminPassword"), Path.Combine("..data", "Souk__AdminPassword"));
        using var settings = await Read();
        settings["Souk:AdminPassword"].ShouldBe("old");

        Version("..second", "new");
        Directory.CreateSymbolicLink(Path.Combine(_folder, "..data_tmp"), "..second");
        using var swap = System.Diagnostics.Process.Start("mv", ["-T", Path.Combine(_folder, "..data_tmp"), Path.Combine(_folder, "..data")]);
        await swap.WaitForExitAsync(TestContext.Current.CancellationToken);

        await RunningShop.Eventually(() => Task.FromResult(settings["Souk:AdminPassword"] == "new"), "the new value");
    }

    [Fact]
    public async Task Security30_a_folder_that_cant_be_read_is_one_clear_line_and_no_start()
    {
        var given = new ConfigurationBuilder().AddInMemoryCollection([new("Souk:SecretsFolder", Path.Combine(_folder, "missing"))]).Build();

        var refused = await Should.ThrowAsync<SettingException>(() => SettingSources.Read(given, TimeProvider.System, _ => { }));

        refused.Message.ShouldStartWith("Souk:SecretsFolder is");
        refused.Message.ShouldNotContain('\n');
    }

    [Fact]
    public async Task Security30_a_file_that_is_no_setting_stops_the_start_and_is_named_without_what_it_says()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "Souk__ServiceKye"), "very-hidden");
        using var settings = await Read();

        var refused = Should.Throw<SettingException>(() => SoukSettings.Read(settings));

        refused.Message.ShouldContain("Souk:ServiceKye is not a setting");
        refused.Message.ShouldNotContain("very-hidden");
    }

    private void Version(string name, string password)
    {
        Directory.CreateDirectory(Path.Combine(_folder, name));
        File.WriteAllText(Path.Combine(_folder, name, "Souk__AdminPassword"), password);
    }

    private async Task<ConfigurationRoot> Read(params KeyValuePair<string, string?>[] closer)
    {
        var given = new ConfigurationBuilder().AddInMemoryCollection([new("Souk:SecretsFolder", _folder), .. closer]).Build();
        return (ConfigurationRoot)await SettingSources.Read(given, TimeProvider.System, _ => { });
    }
}
