using System.Globalization;
using Souk.Platform.Hosting;
using Souk.Platform.Persistence;

namespace Souk.Inventory.Products;

/// <summary>What visitors see of products is remembered; this forgets it when it changes.</summary>
internal sealed class ShopWindow
{
    private readonly AnswerCache _answers;

    public ShopWindow(AnswerCache answers, GroupCommit<InventoryDb> writer)
    {
        _answers = answers;

        // Changes by hand are rare, so that they need not say what they changed.
        writer.SinglesCommitted += answers.Forget;
    }

    /// <summary>Sales changed the stock of these products.</summary>
    public void Changed(IEnumerable<long> products) => _answers.Forget(products.Select(id => string.Create(CultureInfo.InvariantCulture, $"/api/v2/products/{id}")));
}
