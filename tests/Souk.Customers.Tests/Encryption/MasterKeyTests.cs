using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;
using Souk.Platform.Hosting;
using Souk.Testing;

namespace Souk.Customers.Tests.Encryption;

/// <summary>Where the master key comes from, and what happens without the right one.</summary>
[Trait("security", "28")]
public sealed class MasterKeyTests : IAsyncDisposable
{
    private readonly TestShop _shop = new();

    public ValueTask DisposeAsync() => _shop.DisposeAsync();

    [Fact]
    public async Task Security28_by_default_it_is_a_file_of_its_owner_alone_in_a_folder_of_its_own()
    {
        await _shop.InitializeAsync();

        var file = Path.Combine(_shop.Data, "keys", "master.key");
        Convert.FromBase64String(await File.ReadAllTextAsync(file)).Length.ShouldBe(32);
        if (!OperatingSystem.IsWindows())
        {
            File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
            File.GetUnixFileMode(Path.GetDirectoryName(file)!).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    [Fact]
    public async Task Security28_it_can_live_in_another_folder()
    {
        var folder = Directory.CreateTempSubdirectory("souk-keys-");
        await _shop.With("Souk:Keys", folder.FullName).InitializeAsync();

        File.Exists(Path.Combine(folder.FullName, "master.key")).ShouldBeTrue();
        Directory.Exists(Path.Combine(_shop.Data, "keys")).ShouldBeFalse();
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Security28_it_can_be_changed_and_without_the_right_one_nothing_starts()
    {
        var (first, second) = (NewKey(), NewKey());
        await _shop.With("Souk:MasterKey", first).InitializeAsync();
        Directory.Exists(Path.Combine(_shop.Data, "keys")).ShouldBeFalse();
        var jo = await _shop.NewSecretive();

        var wrong = await Should.ThrowAsync<SettingException>(_shop.With("Souk:MasterKey", second).Reopen);
        wrong.Message.ShouldContain("Souk:MasterKey");
        wrong.Message.ShouldNotContain(second);

        await _shop.With("Souk:PreviousMasterKey", first).Reopen();
        (await (await _shop.SignsIn(jo.Username, TestShop.Password)).Shown()).ShouldBe((Vault.Name, Vault.Address));

        await _shop.With("Souk:PreviousMasterKey", NewKey()).Reopen();
        (await (await _shop.SignsIn(jo.Username, TestShop.Password)).Shown()).ShouldBe((Vault.Name, Vault.Address), "everything is wrapped anew");
    }

    [Theory]
    [InlineData("")]
    [InlineData("not Base64 at all")]
    [InlineData("d2Vhaw==")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    public async Task Security28_a_weak_one_stops_the_start(string key)
    {
        using var folder = new TemporaryFolder();
        var settings = new Dictionary<string, string?> { ["Souk:Data"] = folder.Path, ["Souk:MasterKey"] = key, ["Services:Customers:Url"] = $"http://127.0.0.1:{FreePort.Some(1)[0]}" };

        var refused = await Should.ThrowAsync<SettingException>(() => Shop.Start([CustomersService.Definition], new ConfigurationBuilder().AddInMemoryCollection(settings).Build()));

        refused.Message.ShouldContain("Souk:MasterKey must be at least 32 random bytes");
    }

    private static string NewKey() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    private sealed class TemporaryFolder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("souk-keys-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
