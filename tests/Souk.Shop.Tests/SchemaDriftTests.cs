using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Souk.Customers;
using Souk.Inventory;
using Souk.Platform.Persistence;
using Souk.Reviews;
using Souk.Sales;

namespace Souk.Tests;

/// <summary>The migrations are written by hand, so that what they build is compared here with what the model says.</summary>
public class SchemaDriftTests
{
    [Fact]
    public Task Customers_has_the_schema_of_its_model() => SameSchema<CustomersDb>(o => new(o));

    [Fact]
    public Task Inventory_has_the_schema_of_its_model() => SameSchema<InventoryDb>(o => new(o));

    [Fact]
    public Task Sales_has_the_schema_of_its_model() => SameSchema<SalesDb>(o => new(o));

    [Fact]
    public Task Reviews_has_the_schema_of_its_model() => SameSchema<ReviewsDb>(o => new(o));

    private static async Task SameSchema<TDb>(Func<DbContextOptions<TDb>, TDb> open)
        where TDb : ServiceDb
    {
        var migrated = await Schema(open, db => db.Database.MigrateAsync());
        var modelled = await Schema(open, db => db.Database.EnsureCreatedAsync());

        modelled.Length.ShouldBeGreaterThan(20);
        migrated.Except(modelled).ShouldBeEmpty("only the migrations have it");
        modelled.Except(migrated).ShouldBeEmpty("only the model has it");
    }

    private static async Task<string[]> Schema<TDb>(Func<DbContextOptions<TDb>, TDb> open, Func<TDb, Task> build)
        where TDb : ServiceDb
    {
        await using var connection = new SqliteConnection("Data Source=:memory:");
        await connection.OpenAsync();
        var options = new DbContextOptionsBuilder<TDb>().UseSqlite(connection).ConfigureWarnings(w => w.Ignore(RelationalEventId.PendingModelChangesWarning)).Options;
        await using var db = open(options);
        await build(db);

        // The full-text index is no part of the model, nor are the tables that SQLite and EF Core keep for themselves.
        const string Tables = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE '\\_\\_EF%' ESCAPE '\\' AND name NOT LIKE 'product\\_search%' ESCAPE '\\'";
        var tables = await Read(connection, Tables, r => r.GetString(0));
        var parts = await Task.WhenAll(tables.Select(async table => new[]
        {
            await Columns(connection, table), await Indexes(connection, table), await ForeignKeys(connection, table), await Counts(connection, table), await Checks(connection, table),
        }));
        return [.. parts.SelectMany(x => x).SelectMany(x => x)];
    }

    private static Task<string[]> Columns(DbConnection c, string table) => Read(
        c, $"SELECT * FROM pragma_table_info('{table}')", r => $"{table}.{r["name"]}: {Affinity((string)r["type"])}{((long)r["notnull"] == 1 ? " not null" : "")}{((long)r["pk"] > 0 ? $" key {r["pk"]}" : "")} default {r["dflt_value"]}");

    private static async Task<string[]> Indexes(DbConnection c, string table)
    {
        var indexes = await Read(c, $"SELECT * FROM pragma_index_list('{table}')", r => (Name: (string)r["name"], Unique: (long)r["unique"] == 1, Origin: (string)r["origin"]));
        return await Task.WhenAll(indexes.Select(async index =>
        {
            var columns = await Read(c, $"SELECT * FROM pragma_index_xinfo('{index.Name}') WHERE key = 1 ORDER BY seqno", r => $"{r["name"]}{((long)r["desc"] == 1 ? " desc" : "")}");
            return $"{table} index ({string.Join(", ", columns)}) {index.Origin}{(index.Unique ? " unique" : "")}";
        }));
    }

    private static async Task<string[]> ForeignKeys(DbConnection c, string table)
    {
        var columns = await Read(c, $"SELECT * FROM pragma_foreign_key_list('{table}') ORDER BY id, seq", r => (Id: (long)r["id"], Way: $"{r["from"]} -> {r["table"]}.{r["to"]} on delete {r["on_delete"]}"));
        return [.. columns.GroupBy(x => x.Id).Select(k => $"{table} refers {string.Join(", ", k.Select(x => x.Way))}")];
    }

    /// <summary>Whether a table's key is counted up and never used twice.</summary>
    private static Task<string[]> Counts(DbConnection c, string table) => Read(
        c, $"SELECT 1 FROM sqlite_schema WHERE name = '{table}' AND sql LIKE '%AUTOINCREMENT%'", _ => $"{table} counts up");

    private static async Task<string[]> Checks(DbConnection c, string table)
    {
        var sql = await Read(c, $"SELECT sql FROM sqlite_schema WHERE name = '{table}'", r => r.GetString(0));
        return [.. sql.Single().Split('\n').Where(line => line.Contains("CHECK", StringComparison.Ordinal)).Select(line => $"{table} {line.Trim().TrimEnd(',')}")];
    }

    /// <summary>https://www.sqlite.org/datatype3.html#determination_of_column_affinity</summary>
    private static string Affinity(string type) => type.ToUpperInvariant() switch
    {
        var t when t.Contains("INT", StringComparison.Ordinal) => "integer",
        var t when t.Contains("CHAR", StringComparison.Ordinal) || t.Contains("CLOB", StringComparison.Ordinal) || t.Contains("TEXT", StringComparison.Ordinal) => "text",
        var t when t.Length == 0 || t.Contains("BLOB", StringComparison.Ordinal) => "blob",
        var t when t.Contains("REAL", StringComparison.Ordinal) || t.Contains("FLOA", StringComparison.Ordinal) || t.Contains("DOUB", StringComparison.Ordinal) => "real",
        _ => "numeric",
    };

    private static async Task<T[]> Read<T>(DbConnection connection, string sql, Func<DbDataReader, T> row)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<T>();
        while (await reader.ReadAsync())
        {
            rows.Add(row(reader));
        }

        return [.. rows];
    }
}
