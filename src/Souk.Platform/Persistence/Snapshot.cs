using System.Data;
using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Souk.Platform.Persistence;

/// <summary>
/// A service's database as it stood at one moment, read past the model: for what goes through all of it, where making an entity of
/// every row would take minutes. Writers go on meanwhile.
/// </summary>
public sealed class Snapshot : IAsyncDisposable
{
    private const int MostSeconds = 600;

    private readonly ServiceDb _db;
    private readonly DbConnection _connection;
    private readonly DbTransaction _moment;

    private Snapshot(ServiceDb db, DbConnection connection, DbTransaction moment) => (_db, _connection, _moment) = (db, connection, moment);

    /// <summary>Takes the snapshot with the first <see cref="Each"/>.</summary>
    public static async Task<Snapshot> Of<TDb>(IDbContextFactory<TDb> contexts)
        where TDb : ServiceDb
    {
        ArgumentNullException.ThrowIfNull(contexts);
        var db = await contexts.CreateDbContextAsync();
        await db.Database.OpenConnectionAsync();
        var connection = db.Database.GetDbConnection();

        // SQLite would otherwise take the writer's place.
        var moment = connection is SqliteConnection sqlite ? sqlite.BeginTransaction(deferred: true) : await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead);
        if (connection is NpgsqlConnection)
        {
            // Whoever reads an export slowly keeps nobody waiting, so the server need not end it.
            await using var patience = connection.CreateCommand();
            patience.CommandText = "SET LOCAL idle_in_transaction_session_timeout = 0";
            await patience.ExecuteNonQueryAsync();
        }

        return new Snapshot(db, connection, moment);
    }

    /// <summary>Reads the rows of a query, one after the other.</summary>
    public async Task Each(string query, Action<DbDataReader> row)
    {
        ArgumentNullException.ThrowIfNull(row);
        await using var command = _connection.CreateCommand();
        (command.Transaction, command.CommandTimeout) = (_moment, MostSeconds);
#pragma warning disable CA2100 // Queries are constants of the services.
        command.CommandText = query;
#pragma warning restore CA2100
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            row(reader);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _moment.DisposeAsync();
        await _db.Database.CloseConnectionAsync();
        await _db.DisposeAsync();
    }
}
