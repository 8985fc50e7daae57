using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using Souk.Platform.Audit;
using Souk.Platform.Encryption;
using Souk.Platform.Events;
using Souk.Platform.Values;

namespace Souk.Platform.Persistence;

/// <summary>
/// A service's model, with the tables that every service has: the outbox and its deliveries, the inbox, and the kept answers of
/// idempotent requests. Names are snake_case; times are UTC; money is stored in minor units and enumerations by name.
/// </summary>
/// <param name="options">Where and how it is stored.</param>
public abstract class ServiceDb(DbContextOptions options) : DbContext(options)
{
    /// <summary>Annotates a relationship that the database does not check: it has no foreign key there.</summary>
    protected internal const string Unenforced = "Souk:Unenforced";

    /// <summary>Events to be delivered.</summary>
    public DbSet<OutboxEvent> Outbox => Set<OutboxEvent>();

    /// <summary>How far each subscriber has got.</summary>
    public DbSet<Delivery> Deliveries => Set<Delivery>();

    /// <summary>Events of other services that were handled.</summary>
    public DbSet<SeenEvent> SeenEvents => Set<SeenEvent>();

    /// <summary>Answers of requests with an Idempotency-Key.</summary>
    public DbSet<KeptAnswer> KeptAnswers => Set<KeptAnswer>();

    /// <summary>The audit log's blocks.</summary>
    public DbSet<AuditBlock> AuditBlocks => Set<AuditBlock>();

    /// <summary>The audit log's chain.</summary>
    public DbSet<AuditSeal> AuditSeals => Set<AuditSeal>();

    /// <summary>Heads of another service's chain.</summary>
    public DbSet<WitnessedHead> WitnessedHeads => Set<WitnessedHead>();

    /// <summary>What the write under way has changed.</summary>
    internal ChangeNotes Changes { get; } = new();

    /// <summary>Publishes an event in the transaction of the change that it tells.</summary>
    /// <returns>The event in the outbox; its number is known once it is saved.</returns>
    public OutboxEvent Publish(IEvent e, IdSource ids, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(e);
        ArgumentNullException.ThrowIfNull(ids);
        ArgumentNullException.ThrowIfNull(time);
        return Outbox.Add(OutboxEvent.Of(e, ids.Next(), time.GetUtcNow().UtcDateTime)).Entity;
    }

    /// <inheritdoc/>
    public override async Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
    {
        // What the database numbers has its number afterwards; what was changed is known before.
        var changes = Changes.Begin(ChangeTracker);
        SealedFields.SealAll(this);
        var saved = await base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
        Changes.End(changes);
        return saved;
    }

    /// <summary>The service's own entities.</summary>
    protected abstract void Describe(ModelBuilder model);

    /// <inheritdoc/>
    protected sealed override void OnModelCreating(ModelBuilder modelBuilder)
    {
        ArgumentNullException.ThrowIfNull(modelBuilder);
        modelBuilder.Entity<Delivery>().HasKey(d => d.Subscriber);
        modelBuilder.Entity<SeenEvent>(seen =>
        {
            seen.HasKey(e => e.EventId);
            seen.HasIndex(e => e.At);
        });
        modelBuilder.Entity<KeptAnswer>(kept =>
        {
            kept.HasKey(k => new { k.Scope, k.Key });
            kept.HasIndex(k => k.At);
        });
        modelBuilder.Entity<OutboxEvent>();
        AuditTables.Describe(modelBuilder);
        Describe(modelBuilder);
        foreach (var entity in modelBuilder.Model.GetEntityTypes())
        {
            entity.SetTableName(Snake(entity.GetTableName()!));
            foreach (var property in entity.GetProperties())
            {
                property.SetColumnName(Snake(property.FindAnnotation(SealedFields.Of)?.Value as string ?? property.Name));
            }
        }
    }

    /// <inheritdoc/>
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        ArgumentNullException.ThrowIfNull(configurationBuilder);
        configurationBuilder.Properties<DateTime>().HaveConversion<UtcTime>();
        configurationBuilder.Properties<Money>().HaveConversion<MinorUnits>();
        configurationBuilder.Properties<Enum>().HaveConversion<string>();
    }

    private static string Snake(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);

    // SQLite gives times back without their kind.
    private sealed class UtcTime() : ValueConverter<DateTime, DateTime>(t => t, t => DateTime.SpecifyKind(t, DateTimeKind.Utc));

    private sealed class MinorUnits() : ValueConverter<Money, long>(m => m.Minor, n => new Money(n));
}
