using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Souk.Platform.Encryption;

/// <summary>
/// A key under which a service's sealed fields are encrypted, wrapped under the master key. The newest seals; the ones before it only
/// open. All instances of a service find them in its database.
/// </summary>
public sealed class DataKey
{
    internal const int IdLength = 8;
    private const int Bytes = 32;

    /// <summary>Its identifier, which stands in everything that it sealed.</summary>
    public required string Id { get; init; }

    /// <summary>The key, wrapped under the master key.</summary>
    public required byte[] Wrapped { get; set; }

    /// <summary>When it was made (UTC).</summary>
    public DateTime CreatedAt { get; init; }

    internal static DataKey Make(MasterKeys master, DateTime now)
    {
        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdLength / 2));
        return new DataKey { Id = id, Wrapped = master.Wrap(id, RandomNumberGenerator.GetBytes(Bytes)), CreatedAt = now };
    }

    /// <summary>The table, in a service's model.</summary>
    public static void Describe(ModelBuilder model)
    {
        ArgumentNullException.ThrowIfNull(model);
        model.Entity<DataKey>().ToTable("data_keys").HasKey(k => k.Id);
    }

    /// <summary>The table, in a service's migration.</summary>
    public static void Create(MigrationBuilder migration)
    {
        ArgumentNullException.ThrowIfNull(migration);
        migration.CreateTable(
            "data_keys",
            t => new { id = t.Column<string>(), wrapped = t.Column<byte[]>(), created_at = t.Column<DateTime>() },
            constraints: t => t.PrimaryKey("pk_data_keys", x => x.id));
    }
}
