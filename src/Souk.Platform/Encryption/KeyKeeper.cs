using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Souk.Platform.Errors;
using Souk.Platform.Persistence;

namespace Souk.Platform.Encryption;

/// <summary>
/// Keeps a service's data keys: makes the first one, wraps them anew after a change of the master key, replaces the newest by age,
/// carries over what older keys sealed, and removes those that nothing uses any more. All of it while the service works.
/// </summary>
/// <typeparam name="TDb">The service's model.</typeparam>
public sealed partial class KeyKeeper<TDb>(
    KeyAge age, KeyRing ring, MasterKeys master, IDbContextFactory<TDb> contexts, GroupCommit<TDb> writer, TimeProvider time, ILogger<KeyKeeper<TDb>> log)
    : BackgroundService
    where TDb : ServiceDb
{
    /// <summary>Other instances look for new keys this often; a key that was replaced an hour ago seals nothing any more.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Settled = TimeSpan.FromHours(1);

    private string? _carriedTo;

    /// <inheritdoc/>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        ring.Load();
        _ = (await writer.Write<Done>(Prepare)).Value;
        ring.Load();
        await base.StartAsync(cancellationToken);
    }

    /// <summary>Makes a new key; from now on it seals.</summary>
    public async Task<Result<DataKey>> Rotate()
    {
        var made = await writer.Write<DataKey>(db => Task.FromResult<Result<DataKey>>(Add(db)));
        ring.Load();
        return made;
    }

    /// <summary>What the keeper does each minute.</summary>
    /// <param name="stop">Ends it between two writes.</param>
    public async Task Look(CancellationToken stop)
    {
        ring.Load();
        if (await IsDue(stop))
        {
            _ = (await Rotate()).Value;
        }

        // Once after each start, because something may have been stored before there was a ring; after that only for a new key.
        if (_carriedTo != ring.NewestHead)
        {
            var head = ring.NewestHead;
            if ((await new CarryOver<TDb>(contexts, writer, ring).Run(stop)).Left is > 0 and var left)
            {
                LogLeft(left);
            }

            _carriedTo = head;
        }

        await RemoveUnused(stop);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await Look(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogNotKept(e.Message);
            }
        }
    }

    private DataKey Add(TDb db)
    {
        var key = DataKey.Make(master, time.GetUtcNow().UtcDateTime);
        db.Add(key);
        return key;
    }

    /// <summary>The first key; and what the previous master key wrapped is wrapped anew, so that it can be forgotten.</summary>
    private async Task<Result<Done>> Prepare(TDb db)
    {
        var keys = await db.Set<DataKey>().ToListAsync();
        foreach (var key in keys)
        {
            var bare = master.Unwrap(key.Id, key.Wrapped, out var stale);
            key.Wrapped = stale && bare is not null ? master.Wrap(key.Id, bare) : key.Wrapped;
        }

        _ = keys.Count == 0 ? Add(db) : null;
        return default(Done);
    }

    private async Task<bool> IsDue(CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        return await db.Set<DataKey>().MaxAsync(k => k.CreatedAt, stop) + age.Most <= time.GetUtcNow().UtcDateTime;
    }

    /// <summary>Older keys go when everything has been carried over and no instance can still be sealing with them. They stay as long as something can't be opened: whoever mends it may need them.</summary>
    private async Task RemoveUnused(CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        var keys = await db.Set<DataKey>().AsNoTracking().OrderBy(k => k.CreatedAt).ThenBy(k => k.Id).ToListAsync(stop);
        if (keys.Count < 2 || keys[^1].CreatedAt + Settled > time.GetUtcNow().UtcDateTime || await new CarryOver<TDb>(contexts, writer, ring).Run(stop) != default)
        {
            return;
        }

        string[] older = [.. keys.SkipLast(1).Select(k => k.Id)];
        _ = (await writer.Write<int>(async inWrite => await inWrite.Set<DataKey>().Where(k => older.Contains(k.Id)).ExecuteDeleteAsync())).Value;
        ring.Load();
        LogRemoved(string.Join(", ", older));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The data keys were not looked after this time: {Reason}")]
    private partial void LogNotKept(string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Count} sealed values can't be opened: they were changed, or their key is gone. They stay as they are, and older data keys stay with them")]
    private partial void LogLeft(int count);

    [LoggerMessage(Level = LogLevel.Information, Message = "Nothing is sealed by the data keys {Keys} any more; they are removed")]
    private partial void LogRemoved(string keys);
}

/// <summary>After how long a data key is replaced.</summary>
/// <param name="Most">How long.</param>
public sealed record KeyAge(TimeSpan Most);
