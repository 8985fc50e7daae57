using System.Text;
using Souk.Testing;

namespace Souk.Customers.Tests.Encryption;

/// <summary>What somebody reads who has the files of the databases, and not the keys.</summary>
[Trait("security", "28")]
public sealed class SqliteFileTests : IAsyncLifetime
{
    private readonly TestShop _shop = new();

    public ValueTask InitializeAsync() => _shop.InitializeAsync();

    public ValueTask DisposeAsync() => _shop.DisposeAsync();

    [Fact]
    public async Task Security28_no_name_and_no_address_is_found_in_the_files()
    {
        var jo = await _shop.NewSecretive();
        (await jo.Patch("customers", jo.Path(), new { address = Vault.Address + " 2" })).Must(200);
        await _shop.Keeper().Rotate();
        await _shop.Keeper().Look(CancellationToken.None);

        Found(Vault.Name).ShouldBeEmpty();
        Found(Vault.Address).ShouldBeEmpty();
        Found(jo.Username).ShouldNotBeEmpty("what is not encrypted is found, so the search can find");
        await _shop.Reopen();
        Found(Vault.Name).ShouldBeEmpty("nor after the log was carried over into the file");
    }

    /// <summary>The files, write-ahead logs among them, in which a text stands.</summary>
    private List<string> Found(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return [.. Directory.GetFiles(_shop.Data, "*.db*").Where(f => Read(f).AsSpan().IndexOf(bytes) >= 0)];
    }

    private static byte[] Read(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }
}
