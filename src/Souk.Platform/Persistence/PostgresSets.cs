using Npgsql;
using NpgsqlTypes;

namespace Souk.Platform.Persistence;

/// <summary>Set statements on PostgreSQL: gathered, and sent in one round trip.</summary>
internal sealed class PostgresSets(NpgsqlConnection connection) : SetSql
{
    private readonly List<(NpgsqlBatchCommand Command, Action<NpgsqlDataReader>? Read)> _gathered = [];

    public override bool BesideOthers => true;

    public override List<TRow> Ask<TKey, TRow>(SetSelect<TKey, TRow> select, IReadOnlyCollection<TKey> keys)
    {
        var rows = new List<TRow>(keys.Count);
        if (keys.Count > 0)
        {
            Gather(new NpgsqlBatchCommand(select.Postgres) { Parameters = { PostgresArray.Of(keys.ToArray()) } }, reader => rows.Add(select.Read(reader)));
        }

        return rows;
    }

    public override void Do<TRow>(SetStatement<TRow> statement, IReadOnlyList<TRow> rows)
    {
        if (rows.Count > 0)
        {
            Gather(With(statement.Postgres, statement, rows), null);
        }
    }

    public override List<TRow> Take<TWanted, TRow>(SetTake<TWanted, TRow> take, IReadOnlyList<TWanted> wanted)
    {
        var rows = new List<TRow>(wanted.Count);
        if (wanted.Count > 0)
        {
            Gather(With(take.Postgres, take.Change, wanted), reader => rows.Add(take.Read(reader)));
        }

        return rows;
    }

    /// <summary>Adds a statement that has no rows either way.</summary>
    public void Do(string text) => Gather(new NpgsqlBatchCommand(text), null);

    /// <summary>Adds a statement whose rows say nothing.</summary>
    public void Ask(string text) => Gather(new NpgsqlBatchCommand(text), _ => { });

    public override async Task Run()
    {
        if (_gathered.Count == 0)
        {
            return;
        }

        await using var batch = new NpgsqlBatch(connection);
        foreach (var (command, _) in _gathered)
        {
            batch.BatchCommands.Add(command);
        }

        await using var reader = await batch.ExecuteReaderAsync();
        foreach (var (_, read) in _gathered.Where(g => g.Read is not null))
        {
            while (await reader.ReadAsync())
            {
                read!(reader);
            }

            await reader.NextResultAsync();
        }

        _gathered.Clear();
    }

    private static NpgsqlBatchCommand With<TRow>(string text, SetStatement<TRow> statement, IReadOnlyList<TRow> rows)
    {
        var command = new NpgsqlBatchCommand(text);
        foreach (var column in statement.Columns)
        {
            command.Parameters.Add(column.Array(rows));
        }

        return command;
    }

    private void Gather(NpgsqlBatchCommand command, Action<NpgsqlDataReader>? read) => _gathered.Add((command, read));
}

/// <summary>Arrays of values as parameters, with their types told, so that a prepared statement serves any of them.</summary>
internal static class PostgresArray
{
    private static readonly Dictionary<Type, NpgsqlDbType> Types = new()
    {
        [typeof(Guid)] = NpgsqlDbType.Uuid,
        [typeof(long)] = NpgsqlDbType.Bigint,
        [typeof(int)] = NpgsqlDbType.Integer,
        [typeof(string)] = NpgsqlDbType.Text,
        [typeof(DateTime)] = NpgsqlDbType.TimestampTz,
        [typeof(bool)] = NpgsqlDbType.Boolean,
    };

    public static NpgsqlParameter Of<T>(T[] values) =>
        new NpgsqlParameter<T[]> { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | Types[Nullable.GetUnderlyingType(typeof(T)) ?? typeof(T)] };
}
