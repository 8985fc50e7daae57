using Microsoft.Data.Sqlite;

namespace Souk.Platform.Persistence;

/// <summary>Set statements on SQLite: prepared once a connection, run row by row.</summary>
internal sealed class SqliteSets(SqliteConnection connection) : SetSql, IDisposable
{
    private readonly Dictionary<object, SqliteCommand> _prepared = [];

    public override List<TRow> Ask<TKey, TRow>(SetSelect<TKey, TRow> select, IReadOnlyCollection<TKey> keys)
    {
        var rows = new List<TRow>(keys.Count);
        var command = Prepared(select, select.Sqlite, 1);
        foreach (var key in keys)
        {
            command.Parameters[0].Value = key;
            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                rows.Add(select.Read(reader));
            }
        }

        return rows;
    }

    public override void Do<TRow>(SetStatement<TRow> statement, IReadOnlyList<TRow> rows)
    {
        var columns = statement.Columns;
        var command = Prepared(statement, statement.Sqlite, columns.Count);
        foreach (var row in rows)
        {
            for (var i = 0; i < columns.Count; i++)
            {
                command.Parameters[i].Value = columns[i].Value(row);
            }

            command.ExecuteNonQuery();
        }
    }

    public override Task Run() => Task.CompletedTask;

    /// <summary>Runs a statement without values.</summary>
    public void Do(string text) => Prepared(text, text, 0).ExecuteNonQuery();

    public void Dispose()
    {
        foreach (var command in _prepared.Values)
        {
            command.Dispose();
        }
    }

    private SqliteCommand Prepared(object statement, string text, int values)
    {
        if (!_prepared.TryGetValue(statement, out var command))
        {
            command = connection.CreateCommand();
            command.CommandText = text;
            for (var i = 0; i < values; i++)
            {
                command.Parameters.Add(new SqliteParameter($"$p{i}", null));
            }

            _prepared.Add(statement, command);
        }

        return command;
    }
}
