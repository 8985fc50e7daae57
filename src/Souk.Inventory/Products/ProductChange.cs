using Microsoft.EntityFrameworkCore;
using Souk.Platform.Audit;
using Souk.Platform.Events;
using Souk.Platform.Persistence;

namespace Souk.Inventory.Products;

/// <summary>
/// A writer's last change of products, noted in the very transaction of that change. By it the other processes on the database learn that what they
/// remember is old, and a process is not made to forget by what it wrote itself.
/// </summary>
[NotAudited]
internal sealed class ProductChange
{
    /// <summary>The row of changes through the model, by whichever process. They are rare, so that no process passes over its own.</summary>
    public static readonly Guid ByHand = Guid.Empty;

    private static readonly TimeSpan Noticed = TimeSpan.FromHours(1);

    /// <summary>The process that writes for sales, by a name of its own at each start; or <see cref="ByHand"/>.</summary>
    public required Guid Writer { get; set; }

    /// <summary>A greater one for each change.</summary>
    public required long Number { get; set; }

    /// <summary>When (UTC); null in the row <see cref="ByHand"/>, which stays.</summary>
    public DateTime? At { get; set; }

    /// <summary>Notes a change by a set write.</summary>
    public static SetInsert<ProductChange> Note { get; } = new SetInsert<ProductChange>("product_changes", "ON CONFLICT (writer) DO UPDATE SET number = excluded.number, at = excluded.at")
        .With("writer", c => c.Writer).With("number", c => c.Number).With("at", c => c.At);

    /// <summary>Processes that are gone leave a row behind.</summary>
    public static AlsoClean<InventoryDb> Clean { get; } = new((db, now, most) =>
    {
        var old = now - Noticed;
        return db.ProductChanges.Where(c => c.At < old).OrderBy(c => c.At).Take(most).ExecuteDeleteAsync();
    });
}
