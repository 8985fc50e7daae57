using System.Data.Common;

namespace Souk.Tests.Schema;

/// <summary>Reads what a query gives.</summary>
internal static class Rows
{
    public static async Task<T[]> Read<T>(this DbConnection connection, string sql, Func<DbDataReader, T> row)
    {
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The names in it come from the database's own catalogue.
        command.CommandText = sql;
#pragma warning restore CA2100
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<T>();
        while (await reader.ReadAsync())
        {
            rows.Add(row(reader));
        }

        return [.. rows];
    }
}
