using Souk.Platform.Values;

namespace Souk.Customers.Tests.Wallets;

/// <summary>Amounts of money: whole cents, checked arithmetic, and how they are written.</summary>
public class MoneyTests
{
    private static readonly Money Largest = new(long.MaxValue);
    private static readonly Money Smallest = new(long.MinValue);

    [Fact]
    public void Sums_and_differences_are_exact()
    {
        (new Money(10) + new Money(20)).ShouldBe(new Money(30));
        (new Money(10) - new Money(20)).ShouldBe(new Money(-10));
        (-new Money(10)).ShouldBe(new Money(-10));
        (new Money(1999) * 3).ShouldBe(new Money(5997));
        Money.Zero.ShouldBe(new Money(0));
    }

    [Fact]
    public void What_does_not_fit_is_an_error_and_never_another_amount()
    {
        Should.Throw<OverflowException>(() => Largest + new Money(1));
        Should.Throw<OverflowException>(() => Smallest - new Money(1));
        Should.Throw<OverflowException>(() => -Smallest);
        Should.Throw<OverflowException>(() => Largest * 2);
        Should.Throw<OverflowException>(() => Money.OfMajor(long.MaxValue));
        Should.Throw<OverflowException>(() => Money.OfMajor(decimal.MaxValue));
    }

    [Theory]
    [InlineData("19.99", 1999)]
    [InlineData("0.01", 1)]
    [InlineData("-5", -500)]
    [InlineData("1.500", 150)]
    public void Major_units_become_cents(string major, long minor) => Money.OfMajor(decimal.Parse(major)).ShouldBe(new Money(minor));

    [Fact]
    public void A_part_of_a_cent_is_no_money() => Should.Throw<ArgumentException>(() => Money.OfMajor(0.001m));

    [Theory]
    [InlineData(5000, "50.00", "50.0")]
    [InlineData(1999, "19.99", "19.99")]
    [InlineData(1990, "19.90", "19.9")]
    [InlineData(0, "0.00", "0.0")]
    [InlineData(5, "0.05", "0.05")]
    [InlineData(-1999, "-19.99", "-19.99")]
    [InlineData(long.MaxValue, "92233720368547758.07", "92233720368547758.07")]
    public void Each_contract_writes_an_amount_its_way(long minor, string text, string v1)
    {
        new Money(minor).ToString().ShouldBe(text);
        new Money(minor).ToV1().ShouldBe(v1);
    }

    [Fact]
    public void Amounts_compare_by_size()
    {
        var (less, more) = (new Money(1), new Money(2));

        new[] { less < more, more > less, less <= more, more >= less }.ShouldAllBe(holds => holds);
        new[] { less > more, less >= more, more < less, more <= less }.ShouldAllBe(holds => !holds);
        less.CompareTo(more).ShouldBeNegative();
        new Money(250).Major.ShouldBe(2.5m);
        Money.Most.Major.ShouldBe(10_000_000_000m);
    }
}
