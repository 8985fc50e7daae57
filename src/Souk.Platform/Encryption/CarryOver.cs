using System.Linq.Expressions;
using System.Reflection;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Souk.Platform.Persistence;

namespace Souk.Platform.Encryption;

/// <summary>
/// Seals with the newest key what older ones sealed, and what was never sealed: a few rows a write, found by reading beside it. A
/// row that can't be opened, because it was tampered with or its key is lost, is left as it is and keeps no other one waiting.
/// </summary>
internal sealed class CarryOver<TDb>(IDbContextFactory<TDb> contexts, GroupCommit<TDb> writer, KeyRing ring)
    where TDb : ServiceDb
{
    private const int AtOnce = 100;

    /// <summary>More values of one kind that can't be opened mean a lost key; looking at the others can wait until that is mended.</summary>
    private const int MostLeft = 100;

    private static readonly MethodInfo OfType = typeof(CarryOver<TDb>).GetMethod(nameof(Find), BindingFlags.NonPublic | BindingFlags.Instance)!;

    /// <summary>Carries everything over.</summary>
    public async Task<Carried> Run(CancellationToken stop)
    {
        var all = default(Carried);
        foreach (var field in await Fields(stop))
        {
            var (ofField, found) = (default(Carried), default(Carried));
            do
            {
                // Rows come in the order of what is stored; those left before are the first ones from now on.
                found = await Next(field, ofField.Left, stop);
                ofField += found;
            }
            while (found != default && ofField.Left < MostLeft && !stop.IsCancellationRequested);

            all += ofField;
        }

        return all;
    }

    private async Task<List<(IEntityType Entity, SealedField Field)>> Fields(CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        return [.. db.Model.GetEntityTypes().SelectMany(e => SealedFields.In(e), (e, f) => (e, f))];
    }

    private async Task<Carried> Next((IEntityType Entity, SealedField Field) at, int left, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        var keys = await (Task<List<object?[]>>)OfType.MakeGenericMethod(at.Entity.ClrType).Invoke(this, [db, at.Entity, at.Field, left, stop])!;
        return keys.Count == 0 ? default : (await writer.Write<Carried>(async inWrite =>
        {
            var carried = default(Carried);
            foreach (var key in keys)
            {
                carried += await Load(inWrite, at.Entity.ClrType, key);
            }

            return carried;
        })).Value;
    }

    /// <summary>Whatever a write has loaded is sealed by the newest key when it is saved.</summary>
    private static async Task<Carried> Load(TDb db, Type entity, object?[] key)
    {
        try
        {
            await db.FindAsync(entity, key);
            return new Carried(Rows: 1, Left: 0);
        }
        catch (CryptographicException)
        {
            return new Carried(Rows: 0, Left: 1);
        }
    }

    /// <summary>The keys of some rows that are to be carried over, after so many; nothing is opened for it.</summary>
    private async Task<List<object?[]>> Find<T>(TDb db, IEntityType entity, SealedField field, int left, CancellationToken stop)
        where T : class
    {
        var (stored, head) = (field.Stored, ring.NewestHead);

        // Bytes can't be searched by how they begin on both databases; a service seals few rows of them.
        if (entity.FindProperty(stored)!.ClrType == typeof(byte[]))
        {
            var all = await db.Set<T>().OrderBy(e => EF.Property<byte[]>(e, stored)).Select(Columns<T>(entity, stored)).ToListAsync(stop);
            return [.. all.Where(row => !SealedField.IsFresh(row[^1], ring)).Skip(left).Take(AtOnce).Select(row => row[..^1])];
        }

        return await db.Set<T>().Where(e => EF.Property<string?>(e, stored) != null && EF.Property<string?>(e, stored) != "" && !EF.Property<string>(e, stored).StartsWith(head))
            .OrderBy(e => EF.Property<string?>(e, stored)).Skip(left).Take(AtOnce).Select(Columns<T>(entity)).ToListAsync(stop);
    }

    /// <summary>A row's primary key, and these columns after it.</summary>
    private static Expression<Func<T, object?[]>> Columns<T>(IEntityType entity, params string[] more)
    {
        var row = Expression.Parameter(typeof(T));
        var columns = entity.FindPrimaryKey()!.Properties.Concat(more.Select(name => entity.FindProperty(name)!));
        return Expression.Lambda<Func<T, object?[]>>(
            Expression.NewArrayInit(
                typeof(object),
                columns.Select(c => Expression.Convert(Expression.Call(typeof(EF), nameof(EF.Property), [c.ClrType], row, Expression.Constant(c.Name)), typeof(object)))),
            row);
    }
}

/// <summary>What became of rows.</summary>
/// <param name="Rows">So many were carried over.</param>
/// <param name="Left">So many can't be opened and were left as they are.</param>
internal readonly record struct Carried(int Rows, int Left)
{
    public static Carried operator +(Carried a, Carried b) => new(a.Rows + b.Rows, a.Left + b.Left);
}
