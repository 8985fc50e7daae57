using System.Text;
using Souk.Testing;

namespace Souk.Tests;

/// <summary>SQLite's write-ahead log is carried over into the file while the shop is open, whatever is written meanwhile.</summary>
public sealed class SqliteCheckpointTests : IAsyncLifetime
{
    private const int Products = 40;

    private readonly TestShop _shop = new();

    private string File => Path.Combine(_shop.Data, "inventory.db");

    public ValueTask InitializeAsync() => _shop.InitializeAsync();

    public ValueTask DisposeAsync() => _shop.DisposeAsync();

    [Fact]
    public async Task The_log_is_carried_over_into_the_file_and_begins_anew()
    {
        await AddProducts("carried over first");
        var length = new FileInfo(File + "-wal").Length;

        for (var again = 0; again < 3; again++)
        {
            await AddProducts($"carried over again, {again}");
        }

        new FileInfo(File + "-wal").Length.ShouldBeLessThan(2 * length, "each time the log began anew");
    }

    [Fact]
    public async Task It_is_carried_over_while_writes_go_on()
    {
        var product = await _shop.NewProduct(name: "carried over meanwhile");
        using var enough = new CancellationTokenSource();
        var writing = Task.Run(async () =>
        {
            while (!enough.IsCancellationRequested)
            {
                (await _shop.Admin.Post("inventory", $"/api/v2/products/{product}/stock-adjustments", new { delta = 1, reason = "received" })).Must(201);
            }
        });

        await CarriedOver("carried over meanwhile");

        await enough.CancelAsync();
        await writing;
    }

    private async Task AddProducts(string name)
    {
        for (var i = 0; i < Products; i++)
        {
            await _shop.NewProduct(name: $"{name}: {i}");
        }

        await CarriedOver($"{name}: {Products - 1}");
    }

    private Task CarriedOver(string text) => RunningShop.Eventually(async () => (await Read()).AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0, $"'{text}' in the file itself");

    private async Task<byte[]> Read()
    {
        await using var file = new FileStream(File, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[file.Length];
        await file.ReadExactlyAsync(bytes);
        return bytes;
    }
}
