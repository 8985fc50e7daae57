using System.Net.Sockets;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Souk.Platform.Persistence;

/// <summary>What PostgreSQL's errors mean to a writer (https://www.postgresql.org/docs/15/errcodes-appendix.html).</summary>
internal static class PostgresFaults
{
    /// <summary>The server ended a session that did nothing inside a transaction for too long; Npgsql has no name for it.</summary>
    private const string IdleInTransaction = "25P03";

    public static StorageFault Of(Exception exception) => Find<PostgresException>(exception) is { } said
        ? said.SqlState switch
        {
            PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected => StorageFault.Again,

            // Two set writers did the same item; the second time, the one that lost finds what the other did.
            PostgresErrorCodes.UniqueViolation when exception is not DbUpdateException => StorageFault.Again,
            PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or IdleInTransaction => StorageFault.Again,
            PostgresErrorCodes.CannotConnectNow => StorageFault.Unavailable,
            var state when state.StartsWith("53", StringComparison.Ordinal) || state.StartsWith("58", StringComparison.Ordinal) => StorageFault.Unavailable,
            _ => StorageFault.Bug,
        }
        : Find<NpgsqlException>(exception) is { } failed
            ? failed.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused } ? StorageFault.Unavailable : StorageFault.Again
            : StorageFault.Bug;

    /// <summary>Whether the connection was lost, as against an error that the server told.</summary>
    public static bool Broken(Exception exception) =>
        Find<NpgsqlException>(exception) is { } failed
        && (failed is not PostgresException said || said.SqlState is PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or IdleInTransaction);

    private static T? Find<T>(Exception? exception)
        where T : Exception
    {
        for (; exception is not null; exception = exception.InnerException)
        {
            if (exception is T found)
            {
                return found;
            }
        }

        return null;
    }
}
