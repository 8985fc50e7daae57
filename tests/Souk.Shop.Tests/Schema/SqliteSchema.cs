using System.Data.Common;

namespace Souk.Tests.Schema;

/// <summary>What an SQLite database consists of, a line for each part, without the names of constraints and indexes.</summary>
internal static class SqliteSchema
{
    /// <summary>The full-text index is no part of the model, nor are the tables that SQLite and EF Core keep for themselves.</summary>
    private const string Tables = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE '\\_\\_EF%' ESCAPE '\\' AND name NOT LIKE 'product\\_search%' ESCAPE '\\'";

    public static async Task<string[]> Of(DbConnection connection)
    {
        var parts = new List<string>();
        foreach (var table in await connection.Read(Tables, r => r.GetString(0)))
        {
            parts.AddRange(await Columns(connection, table));
            parts.AddRange(await Indexes(connection, table));
            parts.AddRange(await ForeignKeys(connection, table));
            parts.AddRange(await Counts(connection, table));
            parts.AddRange(await Checks(connection, table));
        }

        return [.. parts];
    }

    private static Task<string[]> Columns(DbConnection c, string table) => c.Read(
        $"SELECT * FROM pragma_table_info('{table}')", r => $"{table}.{r["name"]}: {Affinity((string)r["type"])}{((long)r["notnull"] == 1 ? " not null" : "")}{((long)r["pk"] > 0 ? $" key {r["pk"]}" : "")} default {r["dflt_value"]}");

    private static async Task<string[]> Indexes(DbConnection c, string table)
    {
        var indexes = await c.Read(
            $"SELECT l.name, l.\"unique\", l.origin, s.sql FROM pragma_index_list('{table}') l JOIN sqlite_schema s ON s.name = l.name",
            r => (Name: (string)r["name"], Unique: (long)r["unique"] == 1, Origin: (string)r["origin"], Sql: r["sql"] as string ?? ""));
        return await Task.WhenAll(indexes.Select(async index =>
        {
            var columns = await c.Read($"SELECT * FROM pragma_index_xinfo('{index.Name}') WHERE key = 1 ORDER BY seqno", r => $"{r["name"]}{((long)r["desc"] == 1 ? " desc" : "")}");
            var where = index.Sql.Split(" WHERE ").ElementAtOrDefault(1);
            return $"{table} index ({string.Join(", ", columns)}) {index.Origin}{(index.Unique ? " unique" : "")} where {where}";
        }));
    }

    private static async Task<string[]> ForeignKeys(DbConnection c, string table)
    {
        var columns = await c.Read($"SELECT * FROM pragma_foreign_key_list('{table}') ORDER BY id, seq", r => (Id: (long)r["id"], Way: $"{r["from"]} -> {r["table"]}.{r["to"]} on delete {r["on_delete"]}"));
        return [.. columns.GroupBy(x => x.Id).Select(k => $"{table} refers {string.Join(", ", k.Select(x => x.Way))}")];
    }

    /// <summary>Whether a table's key is counted up and never used twice.</summary>
    private static Task<string[]> Counts(DbConnection c, string table) => c.Read(
        $"SELECT 1 FROM sqlite_schema WHERE name = '{table}' AND sql LIKE '%AUTOINCREMENT%'", _ => $"{table} counts up");

    private static async Task<string[]> Checks(DbConnection c, string table)
    {
        var sql = await c.Read($"SELECT sql FROM sqlite_schema WHERE name = '{table}'", r => r.GetString(0));
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
}
