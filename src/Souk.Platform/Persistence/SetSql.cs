using System.Data.Common;
using Npgsql;
using SQLitePCL;

namespace Souk.Platform.Persistence;

/// <summary>
/// Statements on whole sets of rows, for the path of a sale, where Entity Framework's change tracking would cost more than the
/// database itself. PostgreSQL gets one statement for all rows, with a column of values as an array (<c>unnest</c>), and many
/// statements in one round trip; SQLite, which is in this process, runs one prepared statement for each row that is written.
/// </summary>
public abstract class SetSql
{
    /// <summary>Whether other writers commit while this one waits for a row, so that what was read before the wait may be old after it.</summary>
    public virtual bool BesideOthers => false;

    /// <summary>Asks for the rows with these keys. They are there after <see cref="Run"/>.</summary>
    public abstract List<TRow> Ask<TKey, TRow>(SetSelect<TKey, TRow> select, IReadOnlyCollection<TKey> keys);

    /// <summary>Writes rows; done with the next <see cref="Run"/>, or with the commit.</summary>
    public abstract void Do<TRow>(SetStatement<TRow> statement, IReadOnlyList<TRow> rows);

    /// <summary>
    /// Takes from rows ahead of the decision on them: most of what is wanted can be had, and a row that is locked and changed at once
    /// is visited once and not twice. The rows that had it are there after <see cref="Run"/>, as they were before; the others, and
    /// where a database gains nothing by it all of them, are to be asked for.
    /// </summary>
    public virtual List<TRow> Take<TWanted, TRow>(SetTake<TWanted, TRow> take, IReadOnlyList<TWanted> wanted) => [];

    /// <summary>Sends what was asked for and is to be written since the last time.</summary>
    public abstract Task Run();
}

/// <summary>Reads rows by their keys.</summary>
/// <typeparam name="TKey">The key's type: one of <see cref="Guid"/>, <see cref="long"/>, <see cref="string"/>.</typeparam>
/// <typeparam name="TRow">A row as it is read.</typeparam>
/// <param name="table">The table.</param>
/// <param name="key">The key's column.</param>
/// <param name="columns">What is read.</param>
/// <param name="read">Makes the row.</param>
/// <param name="locks">The primary key, if other transactions must wait before they change the rows; the locks are taken in its order, so that writers never wait for each other in a circle.</param>
public sealed class SetSelect<TKey, TRow>(string table, string key, string columns, Func<DbDataReader, TRow> read, string? locks = null)
{
    internal string Postgres { get; } = $"SELECT {columns} FROM {table} WHERE {key} = ANY($1){(locks is null ? "" : $" ORDER BY {locks} FOR UPDATE")}";

    internal string Sqlite { get; } = $"SELECT {columns} FROM {table} WHERE {key} IN (SELECT value FROM json_each($p0))";

    /// <summary>Reads the same and keeps nobody waiting.</summary>
    public SetSelect<TKey, TRow> WithoutLocks() => new(table, key, columns, read);

    internal TRow Read(DbDataReader reader) => read(reader);
}

/// <summary>Writes rows: each column is taken from the row by a function.</summary>
/// <typeparam name="TRow">A row to be written.</typeparam>
public abstract class SetStatement<TRow>
{
    private readonly List<Column<TRow>> _columns = [];

    internal IReadOnlyList<Column<TRow>> Columns => _columns;

    internal abstract string Postgres { get; }

    internal abstract string Sqlite { get; }

    /// <summary>Adds a column.</summary>
    protected void Add<T>(string name, Func<TRow, T> value) => _columns.Add(new Column<TRow, T>(name, value));

    private protected string Names => string.Join(", ", _columns.Select(c => c.Name));

    private protected string Unnested => $"unnest({string.Join(", ", _columns.Select((c, i) => $"${i + 1}"))}) AS v({Names})";
}

/// <summary>Inserts rows.</summary>
/// <typeparam name="TRow">A row to be inserted.</typeparam>
/// <param name="table">The table.</param>
/// <param name="otherwise">What is done about a row whose key is there already (<c>ON CONFLICT …</c>); nothing said, it is an error.</param>
public sealed class SetInsert<TRow>(string table, string otherwise = "") : SetStatement<TRow>
{
    private string? _postgres;
    private string? _sqlite;

    internal override string Postgres => _postgres ??= $"INSERT INTO {table} ({Names}) SELECT * FROM {Unnested} {otherwise}";

    internal override string Sqlite => _sqlite ??= $"INSERT INTO {table} ({Names}) VALUES ({string.Join(", ", Columns.Select((_, i) => $"?{i + 1}"))}) {otherwise}";

    /// <summary>Adds a column.</summary>
    public SetInsert<TRow> With<T>(string name, Func<TRow, T> value)
    {
        Add(name, value);
        return this;
    }
}

/// <summary>Changes or deletes the rows that a condition on the given values names.</summary>
/// <typeparam name="TRow">The values for one row.</typeparam>
/// <param name="start">The statement up to its condition, such as <c>UPDATE products SET available = available + @delta</c>; a value stands as <c>@name</c>.</param>
/// <param name="condition">The condition, such as <c>products.id = @id</c>.</param>
public sealed class SetChange<TRow>(string start, string condition) : SetStatement<TRow>
{
    private string? _postgres;
    private string? _sqlite;

    internal override string Postgres =>
        _postgres ??= Named(start, c => $"v.{c}") + (start.StartsWith("DELETE", StringComparison.Ordinal) ? " USING " : " FROM ") + Unnested + " WHERE " + Named(condition, c => $"v.{c}");

    internal override string Sqlite => _sqlite ??= Named($"{start} WHERE {condition}", c => $"?{Columns.ToList().FindIndex(x => x.Name == c) + 1}");

    /// <summary>Adds a value.</summary>
    public SetChange<TRow> With<T>(string name, Func<TRow, T> value)
    {
        Add(name, value);
        return this;
    }

    internal string Named(string text, Func<string, string> name) => Columns.Aggregate(text, (t, c) => t.Replace($"@{c.Name}", name(c.Name), StringComparison.Ordinal));
}

/// <summary>Changes rows that a condition allows it for, and reads them.</summary>
/// <typeparam name="TWanted">The values for one row. They come in the order of the keys, so that writers never wait for each other in a circle.</typeparam>
/// <typeparam name="TRow">A row as it is read.</typeparam>
/// <param name="change">The change, with its condition.</param>
/// <param name="returning">What is read.</param>
/// <param name="read">Makes the row.</param>
public sealed class SetTake<TWanted, TRow>(SetChange<TWanted> change, string returning, Func<DbDataReader, TRow> read)
{
    internal SetChange<TWanted> Change => change;

    internal string Postgres { get; } = $"{change.Postgres} RETURNING {change.Named(returning, c => $"v.{c}")}";

    internal TRow Read(DbDataReader reader) => read(reader);
}

/// <summary>One column of the rows that a statement writes.</summary>
internal abstract class Column<TRow>(string name)
{
    public string Name { get; } = name;

    public abstract NpgsqlParameter Array(IReadOnlyList<TRow> rows);

    public abstract void Bind(sqlite3_stmt statement, int index, TRow row);
}

/// <inheritdoc/>
internal sealed class Column<TRow, T>(string name, Func<TRow, T> value) : Column<TRow>(name)
{
    public override NpgsqlParameter Array(IReadOnlyList<TRow> rows)
    {
        var values = new T[rows.Count];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = value(rows[i]);
        }

        return PostgresArray.Of(values);
    }

    public override void Bind(sqlite3_stmt statement, int index, TRow row) => SqliteValue<T>.Bind(statement, index, value(row));
}
