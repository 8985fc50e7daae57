using System.Data.Common;

namespace Souk.Tests.Schema;

/// <summary>What a PostgreSQL database consists of, a line for each part, without the names of constraints and indexes and without the full-text index, which is no part of the model.</summary>
internal static class PostgresSchema
{
    private const string Columns = """
        SELECT table_name || '.' || column_name || ': ' || data_type || ' null ' || is_nullable || ' identity ' || is_identity || ' default ' || COALESCE(column_default, '')
        FROM information_schema.columns WHERE table_schema = 'public' AND table_name NOT LIKE '\_\_EF%' AND table_name <> 'product_search'
        """;

    private const string Indexes = """
        SELECT tablename || regexp_replace(indexdef, '^CREATE( UNIQUE)? INDEX .* USING', ' index\1')
        FROM pg_indexes WHERE schemaname = 'public' AND tablename NOT LIKE '\_\_EF%' AND tablename <> 'product_search'
        """;

    private const string ForeignKeys = """
        SELECT conrelid::regclass || ' refers ' || attname || ' -> ' || pg_get_constraintdef(c.oid)
        FROM pg_constraint c JOIN pg_attribute a ON attrelid = conrelid AND attnum = ANY(conkey) WHERE contype = 'f'
        """;

    private const string Checks = "SELECT conrelid::regclass || ' ' || pg_get_constraintdef(oid) FROM pg_constraint WHERE contype IN ('c', 'p') AND conrelid::regclass::text NOT LIKE '%\\_\\_EF%' AND conrelid::regclass::text <> 'product_search' AND conrelid <> 0";

    public static async Task<string[]> Of(DbConnection connection)
    {
        var parts = new List<string>();
        foreach (var sql in new[] { Columns, Indexes, ForeignKeys, Checks })
        {
            parts.AddRange(await connection.Read(sql, r => r.GetString(0)));
        }

        return [.. parts];
    }
}
