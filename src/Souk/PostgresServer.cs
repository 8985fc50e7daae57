using Npgsql;

namespace Souk;

/// <summary>A PostgreSQL server, as its administrator sees it.</summary>
/// <param name="admin">How the administrator connects.</param>
internal sealed class PostgresServer(NpgsqlConnectionStringBuilder admin)
{
    public async Task<bool> HasRole(string name, CancellationToken stop) => await Exists("SELECT 1 FROM pg_roles WHERE rolname = $1", name, stop);

    /// <summary>How a service connects.</summary>
    public string ConnectionString(string name, string password) =>
        new NpgsqlConnectionStringBuilder(admin.ConnectionString) { Database = name, Username = name, Password = password }.ConnectionString;

    /// <summary>Makes what is not there yet of a role, its database and its privileges.</summary>
    /// <param name="name">The name of both.</param>
    /// <param name="password">The role's password; null leaves it as it is.</param>
    /// <param name="stop">Gives up.</param>
    public async Task Prepare(string name, string? password, CancellationToken stop)
    {
        if (!await HasRole(name, stop))
        {
            await Run(null, $"CREATE ROLE {name} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION", stop);
        }

        if (password is not null)
        {
            await Run(null, $"ALTER ROLE {name} PASSWORD '{ScramVerifier.Of(password)}'", stop);
        }

        if (!await Exists("SELECT 1 FROM pg_database WHERE datname = $1", name, stop))
        {
            // Texts are ordered by their bytes, as SQLite does it, and letters of all alphabets are known as such.
            await Run(null, $"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'", stop);
        }

        // The database stays the administrator's: a service makes and changes its tables and nothing else.
        await Run(null, $"REVOKE ALL ON DATABASE {name} FROM PUBLIC; GRANT CONNECT ON DATABASE {name} TO {name}", stop);
        await Run(name, $"REVOKE ALL ON SCHEMA public FROM PUBLIC; GRANT USAGE, CREATE ON SCHEMA public TO {name}", stop);
    }

    private async Task<bool> Exists(string sql, string name, CancellationToken stop)
    {
        await using var connection = await Connect(null, stop);
        await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = name } } };
        return await command.ExecuteScalarAsync(stop) is not null;
    }

    private async Task Run(string? database, string sql, CancellationToken stop)
    {
        await using var connection = await Connect(database, stop);
#pragma warning disable CA2100 // The names in it were checked, and a verifier has no apostrophe.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(stop);
    }

    private async Task<NpgsqlConnection> Connect(string? database, CancellationToken stop)
    {
        var there = new NpgsqlConnectionStringBuilder(admin.ConnectionString) { Pooling = false };
        there.Database = database ?? there.Database ?? "postgres";
        var connection = new NpgsqlConnection(there.ConnectionString);
        await connection.OpenAsync(stop);
        return connection;
    }
}
