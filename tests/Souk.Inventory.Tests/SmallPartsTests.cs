using Souk.Inventory.Products;
using Souk.Inventory.Search;
using Souk.Platform.Persistence;

namespace Souk.Inventory.Tests;

public class SmallPartsTests
{
    private static readonly string[] Families = ["food", "clothes", "accessories", "electronics"];

    [Theory]
    [InlineData("tea", "\"tea\"*")]
    [InlineData("  green \t tea ", "\"green\"* \"tea\"*")]
    [InlineData("say \"hi\"", "\"say\"* \"\"\"hi\"\"\"*")]
    [InlineData("tea OR NOT (pot)", "\"tea\"* \"OR\"* \"NOT\"* \"(pot)\"*")]
    [InlineData("   ", "")]
    public void Search_terms_are_quoted_beginnings(string typed, string query) => SqliteSearch.Terms(typed).ShouldBe(query);

    [Fact]
    public void The_sample_catalogue_is_the_same_each_time_and_repeats_nothing()
    {
        var products = SampleCatalogue.Take(20_000).ToArray();

        products.ShouldBe(SampleCatalogue.Take(20_000));
        products.Select(p => p.Sku).ShouldBeUnique();
        products.Select(p => p.Name).ShouldBeUnique();
        products.CountBy(p => p.Category).ShouldBe(Families.Select(c => KeyValuePair.Create(c, 5_000)), ignoreOrder: true);
    }

    [Fact]
    public void Every_sample_keeps_the_rules_of_a_product()
    {
        foreach (var sample in SampleCatalogue.Take(20_000))
        {
            sample.Sku.ShouldMatch("^[A-Za-z0-9._-]{1,40}$");
            sample.Name.Length.ShouldBeInRange(1, Product.NameMost);
            sample.Name.ShouldBe(sample.Name.Trim());
            sample.Description.Length.ShouldBeInRange(1, Product.DescriptionMost);
            sample.Description.ShouldNotContain("{0}");
            sample.PriceMinor.ShouldBeInRange(1, (long)Product.PriceMost * 100);
            sample.Stock.ShouldBeInRange(1, Product.StockMost);
        }
    }

    [Fact]
    public void The_sample_catalogue_takes_no_negative_count() => Should.Throw<ArgumentOutOfRangeException>(() => SampleCatalogue.Take(-1));

    [Fact]
    public void A_cursor_brings_back_the_key_that_it_was_made_of()
    {
        var cursor = Paging.Cursor(new Key(12, "Crème \"brûlée\" & ünï ", 1999));

        cursor.ShouldMatch("^[A-Za-z0-9_-]+$");
        Paging.Read<Key>(cursor).Value.ShouldBe(new Key(12, "Crème \"brûlée\" & ünï ", 1999));
        Paging.Read<Key>(null).Value.ShouldBeNull();
        Paging.Read<Key>("null").Error!.Kind.Code.ShouldBe("validation_failed");
    }

    [Theory]
    [InlineData(0, 3, 0, false)]
    [InlineData(3, 3, 3, false)]
    [InlineData(4, 3, 3, true)]
    public void One_row_more_than_a_page_holds_means_another_page(int rows, int limit, int shown, bool more)
    {
        var page = Paging.Of(Enumerable.Range(1, rows).ToArray(), limit, n => n * 10, n => new Key(n, "", 0));

        page.Items.ShouldBe(Enumerable.Range(1, shown).Select(n => n * 10));
        page.Next.ShouldBe(more ? Paging.Cursor(new Key(shown, "", 0)) : null);
    }

    private sealed record Key(long Id, string Name, long Price);
}
