using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Souk.Platform.Audit;
using Souk.Platform.Encryption;
using Souk.Platform.Hosting;

namespace Souk.Platform.Persistence;

/// <summary>A service's storage: one SQLite file in the data folder, or one PostgreSQL database.</summary>
public static class Database
{
    /// <summary>Registers the model, its single writer, and what brings the schema up to date before the service listens.</summary>
    /// <typeparam name="TDb">The service's model.</typeparam>
    public static IServiceCollection AddDatabase<TDb>(this IServiceCollection services)
        where TDb : ServiceDb
    {
        services.AddSingleton<Engine>(provider => provider.GetRequiredService<SoukSettings>().Database switch
        {
            DatabaseKind.Postgres => ActivatorUtilities.CreateInstance<PostgresEngine>(provider),
            _ => ActivatorUtilities.CreateInstance<SqliteEngine>(provider),
        });
        services.AddPooledDbContextFactory<TDb>((provider, options) => Configure(options, provider));
        services.AddScoped(provider => provider.GetRequiredService<IDbContextFactory<TDb>>().CreateDbContext());
        services.AddSingleton(provider => provider.GetRequiredService<Engine>().Storage(provider.GetRequiredService<IDbContextFactory<TDb>>()));
        services.AddSingleton(new Jitter(Environment.ProcessId));
        services.AddSingleton<GroupCommit<TDb>>();
        services.AddHostedService<BringUpToDate<TDb>>();
        services.AddAudit<TDb>();
        return services;
    }

    private static void Configure(DbContextOptionsBuilder options, IServiceProvider provider)
    {
        provider.GetRequiredService<Engine>().Configure(options);
        options.AddInterceptors(NoteStatements.Instance);
        if (provider.GetRequiredService<IServiceProviderIsService>().IsService(typeof(KeyRing)))
        {
            options.AddInterceptors(OpenAsRead.Instance);
        }

        // Migrations are written by hand, without the scaffolder's snapshot that this warning compares with; a test compares instead.
        options.ConfigureWarnings(w => w.Ignore(RelationalEventId.PendingModelChangesWarning));
    }
}

/// <summary>What differs between the databases that can store a service.</summary>
internal abstract class Engine
{
    /// <summary>Says where the database is and how to speak to it.</summary>
    public abstract void Configure(DbContextOptionsBuilder options);

    /// <summary>What the service's writer stands on.</summary>
    public abstract IStorage<TDb> Storage<TDb>(IDbContextFactory<TDb> contexts)
        where TDb : ServiceDb;

    /// <summary>What an exception of the database means.</summary>
    public abstract StorageFault FaultOf(Exception exception);

    /// <summary>Creates or migrates the schema; processes that start at once do it once.</summary>
    public abstract Task BringUpToDate(ServiceDb db, CancellationToken stop);

    /// <summary>The number of the last row in a table that is only added to, before which no other can appear any more.</summary>
    public abstract Task<long> LastComplete(ServiceDb db, string table, TimeProvider time, CancellationToken stop);
}

/// <summary>Creates or migrates the database before the service listens.</summary>
internal sealed class BringUpToDate<TDb>(IDbContextFactory<TDb> contexts, Engine engine) : IHostedService
    where TDb : ServiceDb
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await engine.BringUpToDate(db, cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
