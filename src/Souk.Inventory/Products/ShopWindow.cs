using System.Globalization;
using Souk.Platform.Hosting;
using Souk.Platform.Persistence;
using Souk.Platform.Values;

namespace Souk.Inventory.Products;

/// <summary>What visitors see of products is remembered; this forgets it when it changes, and tells other processes of the change.</summary>
internal sealed class ShopWindow
{
    private readonly AnswerCache _answers;
    private readonly TimeProvider _time;
    private long _changes;

    public ShopWindow(AnswerCache answers, GroupCommit<InventoryDb> writer, IdSource ids, TimeProvider time)
    {
        (_answers, _time, Writer) = (answers, time, ids.Next());

        // Changes by hand are rare, so that they need not say what they changed.
        writer.ModelChanged += answers.Forget;
    }

    /// <summary>This process, among those that change products for sales.</summary>
    public Guid Writer { get; }

    /// <summary>What a transaction that changes products for sales is to note in it.</summary>
    public ProductChange NextChange() => new() { Writer = Writer, Number = Interlocked.Increment(ref _changes), At = Moments.Of(_time) };

    /// <summary>Sales changed the stock of these products.</summary>
    public void Changed(IEnumerable<long> products) => _answers.Forget(products.Select(id => string.Create(CultureInfo.InvariantCulture, $"/api/v2/products/{id}")));
}
