using System.Text.Json;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Souk.Platform.Persistence;

/// <summary>
/// Set statements on SQLite, prepared once a connection. Rows are read by one statement for all keys. They are written one by one
/// through SQLite's own interface: the same through ADO.NET costs more than SQLite itself.
/// </summary>
internal sealed class SqliteSets(SqliteConnection connection) : SetSql, IDisposable
{
    private readonly Dictionary<object, SqliteCommand> _selects = [];
    private readonly Dictionary<object, sqlite3_stmt> _writes = [];

    public override List<TRow> Ask<TKey, TRow>(SetSelect<TKey, TRow> select, IReadOnlyCollection<TKey> keys)
    {
        var rows = new List<TRow>(keys.Count);
        if (keys.Count == 0)
        {
            return rows;
        }

        if (!_selects.TryGetValue(select, out var command))
        {
            command = connection.CreateCommand();
            command.CommandText = select.Sqlite;
            command.Parameters.Add(new SqliteParameter("$p0", null));
            _selects.Add(select, command);
        }

        command.Parameters[0].Value = JsonSerializer.Serialize(keys.Select(SqliteValue<TKey>.Key));
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            rows.Add(select.Read(reader));
        }

        return rows;
    }

    public override void Do<TRow>(SetStatement<TRow> statement, IReadOnlyList<TRow> rows)
    {
        if (rows.Count == 0)
        {
            return;
        }

        var (columns, prepared) = (statement.Columns, Prepared(statement, statement.Sqlite));
        foreach (var row in rows)
        {
            for (var i = 0; i < columns.Count; i++)
            {
                columns[i].Bind(prepared, i + 1, row);
            }

            Step(prepared);
        }
    }

    public override Task Run() => Task.CompletedTask;

    /// <summary>Runs a statement without values.</summary>
    public void Do(string text) => Step(Prepared(text, text));

    public void Dispose()
    {
        foreach (var command in _selects.Values)
        {
            command.Dispose();
        }

        foreach (var statement in _writes.Values)
        {
            raw.sqlite3_finalize(statement);
        }
    }

    private sqlite3_stmt Prepared(object statement, string text)
    {
        if (!_writes.TryGetValue(statement, out var prepared))
        {
            SqliteException.ThrowExceptionForRC(raw.sqlite3_prepare_v2(connection.Handle, text, out prepared), connection.Handle);
            _writes.Add(statement, prepared);
        }

        return prepared;
    }

    private void Step(sqlite3_stmt statement)
    {
        var done = raw.sqlite3_step(statement);

        // Resetting tells the same failure again; the first one is the one to throw.
        raw.sqlite3_reset(statement);
        if (done is not (raw.SQLITE_DONE or raw.SQLITE_ROW))
        {
            SqliteException.ThrowExceptionForRC(done, connection.Handle);
        }
    }
}

/// <summary>Values as Entity Framework stores them in SQLite.</summary>
internal static class SqliteValue<T>
{
    /// <summary>Binds a value to a parameter.</summary>
    public static void Bind(sqlite3_stmt statement, int index, T value) => SqliteException.ThrowExceptionForRC(
        value switch
        {
            null => raw.sqlite3_bind_null(statement, index),
            long number => raw.sqlite3_bind_int64(statement, index, number),
            int number => raw.sqlite3_bind_int(statement, index, number),
            bool flag => raw.sqlite3_bind_int(statement, index, flag ? 1 : 0),
            string text => raw.sqlite3_bind_text(statement, index, text),
            Guid id => Bind(statement, index, id),
            DateTime time => Bind(statement, index, time),
            _ => throw new NotSupportedException($"Set statements don't write {typeof(T)}."),
        },
        null);

    /// <summary>A key as it stands in a JSON array.</summary>
    public static object Key(T key) => key is Guid id ? id.ToString().ToUpperInvariant() : key!;

    private static int Bind(sqlite3_stmt statement, int index, Guid id)
    {
        Span<byte> text = stackalloc byte[36];
        id.TryFormat(text, out _);
        System.Text.Ascii.ToUpperInPlace(text, out _);
        return raw.sqlite3_bind_text(statement, index, text);
    }

    private static int Bind(sqlite3_stmt statement, int index, DateTime time)
    {
        Span<byte> text = stackalloc byte[27];
        time.TryFormat(text, out var length, "yyyy\\-MM\\-dd HH\\:mm\\:ss.FFFFFFF", System.Globalization.CultureInfo.InvariantCulture);
        return raw.sqlite3_bind_text(statement, index, text[..length]);
    }
}
