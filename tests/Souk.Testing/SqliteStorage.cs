using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Souk.Testing;

/// <summary>A file for each service in the shop's folder.</summary>
internal sealed class SqliteStorage(string folder) : TestStorage
{
    public override IReadOnlyDictionary<string, string?> Settings { get; } = new Dictionary<string, string?> { ["Souk:Database"] = "sqlite" };

    public override async Task<DbConnection> Open(string service)
    {
        // Unpooled, so that it does not keep the file open.
        var db = new SqliteConnection($"{Source(service)};Pooling=False");
        await db.OpenAsync();
        return db;
    }

    public override void Use(DbContextOptionsBuilder options, string service) => options.UseSqlite(Source(service));

    public override ValueTask DisposeAsync()
    {
        // Pooled connections would keep the files open.
        SqliteConnection.ClearAllPools();
        return ValueTask.CompletedTask;
    }

    private string Source(string service) => $"Data Source={Path.Combine(folder, $"{service}.db")}";
}
