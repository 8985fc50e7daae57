using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Souk.Platform.Persistence;

namespace Souk.Platform.Encryption;

/// <summary>Seals with the newest key what older ones sealed, and what was never sealed: a few rows a write, found by reading beside it.</summary>
internal sealed class CarryOver<TDb>(IDbContextFactory<TDb> contexts, GroupCommit<TDb> writer, KeyRing ring)
    where TDb : ServiceDb
{
    private const int AtOnce = 100;

    private static readonly MethodInfo OfType = typeof(CarryOver<TDb>).GetMethod(nameof(Find), BindingFlags.NonPublic | BindingFlags.Instance)!;

    /// <summary>Carries everything over; returns how many rows that were.</summary>
    public async Task<int> Run(CancellationToken stop)
    {
        var rows = 0;
        foreach (var field in await Fields(stop))
        {
            int found;
            do
            {
                found = await Next(field, stop);
                rows += found;
            }
            while (found > 0 && !stop.IsCancellationRequested);
        }

        return rows;
    }

    private async Task<List<(IEntityType Entity, SealedField Field)>> Fields(CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        return [.. db.Model.GetEntityTypes().SelectMany(e => SealedFields.In(e), (e, f) => (e, f))];
    }

    private async Task<int> Next((IEntityType Entity, SealedField Field) at, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        var keys = await (Task<List<object?[]>>)OfType.MakeGenericMethod(at.Entity.ClrType).Invoke(this, [db, at.Entity, at.Field, stop])!;
        return keys.Count == 0 ? 0 : (await writer.Write<int>(async inWrite =>
        {
            // Whatever a write has loaded is sealed by the newest key when it is saved.
            foreach (var key in keys)
            {
                await inWrite.FindAsync(at.Entity.ClrType, key);
            }

            return keys.Count;
        })).Value;
    }

    /// <summary>The keys of some rows that are to be carried over.</summary>
    private async Task<List<object?[]>> Find<T>(TDb db, IEntityType entity, SealedField field, CancellationToken stop)
        where T : class
    {
        var (stored, head) = (field.Stored, ring.NewestHead);

        // Bytes can't be searched by how they begin on both databases; a service seals few rows of them.
        var rows = entity.FindProperty(stored)!.ClrType == typeof(byte[])
            ? (await db.Set<T>().ToListAsync(stop)).Where(e => !SealedField.IsFresh(db.Entry(e).Property(stored).CurrentValue, ring))
            : await db.Set<T>().Where(e => EF.Property<string?>(e, stored) != null && EF.Property<string?>(e, stored) != "" && !EF.Property<string>(e, stored).StartsWith(head)).OrderBy(e => EF.Property<string?>(e, stored)).Take(AtOnce).ToListAsync(stop);
        return [.. rows.Take(AtOnce).Select(e => entity.FindPrimaryKey()!.Properties.Select(p => p.PropertyInfo!.GetValue(e)).ToArray())];
    }
}
