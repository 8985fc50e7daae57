using System.Buffers.Binary;
using System.Text;
using Microsoft.Data.Sqlite;
using Souk.Testing;

namespace Souk.Tests;

/// <summary>SQLite's write-ahead log is carried over into the file while the shop is open, whatever is written meanwhile.</summary>
public sealed class SqliteCheckpointTests : IAsyncLifetime
{
    private const int Writers = 8;

    private readonly TestShop _shop = new();

    private string File => Path.Combine(_shop.Data, "inventory.db");

    public ValueTask InitializeAsync() => _shop.InitializeAsync();

    public ValueTask DisposeAsync() => _shop.DisposeAsync();

    [Fact]
    public async Task What_is_written_is_carried_over_into_the_file()
    {
        await _shop.NewProduct(name: "carried over");

        await CarriedOver("carried over");
    }

    [Fact]
    public async Task The_log_begins_anew_although_it_is_always_written_to()
    {
        var product = await _shop.NewProduct(name: "written again and again");
        var salts = new HashSet<uint>();
        using var enough = new CancellationTokenSource();
        var writing = Task.WhenAll(Enumerable.Range(0, Writers).Select(_ => Write(product, enough.Token)));
        try
        {
            await RunningShop.Eventually(() => Task.FromResult(Salt() is { } salt && salts.Add(salt) && salts.Count > 3), "a log that began anew three times");
            writing.IsCompleted.ShouldBeFalse();
        }
        finally
        {
            await enough.CancelAsync();
            await writing;
        }

        await CarriedOver("written again and again");
    }

    /// <summary>Before that, a checkpoint beside a writer could lose what was committed (https://www.sqlite.org/wal.html#walresetbug).</summary>
    [Fact]
    public void The_SQLite_that_Souk_brings_is_new_enough_for_it()
    {
        using var memory = new SqliteConnection("Data Source=:memory:");
        memory.Open();

        Version.Parse(memory.ServerVersion).ShouldBeGreaterThanOrEqualTo(new Version(3, 51, 3));
    }

    private async Task Write(long product, CancellationToken enough)
    {
        while (!enough.IsCancellationRequested)
        {
            (await _shop.Admin.Post("inventory", $"/api/v2/products/{product}/stock-adjustments", new { delta = 1, reason = "received" })).Must(201);
        }
    }

    /// <summary>What stands in the log's header until it begins anew (https://www.sqlite.org/fileformat2.html, 4.1); null when there is no header.</summary>
    private uint? Salt()
    {
        Span<byte> header = stackalloc byte[32];
        try
        {
            using var log = new FileStream(File + "-wal", FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            return log.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) == header.Length ? BinaryPrimitives.ReadUInt32BigEndian(header[16..]) : null;
        }
        catch (FileNotFoundException)
        {
            return null;
        }
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
