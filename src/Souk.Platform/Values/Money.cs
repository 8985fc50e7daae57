using System.Globalization;

namespace Souk.Platform.Values;

/// <summary>An amount of the shop's one currency, in minor units (cents). Arithmetic is checked.</summary>
/// <param name="Minor">Minor units; may be negative in a ledger.</param>
public readonly record struct Money(long Minor) : IComparable<Money>
{
    /// <summary>The largest amount that a request may name: 10,000,000,000.00.</summary>
    public static readonly Money Most = new(1_000_000_000_000);

    /// <summary>Nothing.</summary>
    public static readonly Money Zero;

    /// <summary>The amount in major units, with two decimals.</summary>
    public decimal Major => Minor / 100m;

    /// <summary>From major units with at most two decimals.</summary>
    /// <exception cref="ArgumentException">There are more than two decimals.</exception>
    /// <exception cref="OverflowException">The amount does not fit.</exception>
    public static Money OfMajor(decimal major)
    {
        var minor = major * 100m;
        return minor == decimal.Truncate(minor) ? new((long)minor) : throw new ArgumentException("An amount has at most two decimals.", nameof(major));
    }

    /// <summary>The sum.</summary>
    public static Money operator +(Money a, Money b) => new(checked(a.Minor + b.Minor));

    /// <summary>The difference.</summary>
    public static Money operator -(Money a, Money b) => new(checked(a.Minor - b.Minor));

    /// <summary>The opposite.</summary>
    public static Money operator -(Money a) => new(checked(-a.Minor));

    /// <summary>So many times the amount.</summary>
    public static Money operator *(Money a, int times) => new(checked(a.Minor * times));

    /// <summary>Whether a is less than b.</summary>
    public static bool operator <(Money a, Money b) => a.Minor < b.Minor;

    /// <summary>Whether a is more than b.</summary>
    public static bool operator >(Money a, Money b) => a.Minor > b.Minor;

    /// <summary>Whether a is at most b.</summary>
    public static bool operator <=(Money a, Money b) => a.Minor <= b.Minor;

    /// <summary>Whether a is at least b.</summary>
    public static bool operator >=(Money a, Money b) => a.Minor >= b.Minor;

    /// <inheritdoc/>
    public int CompareTo(Money other) => Minor.CompareTo(other.Minor);

    /// <summary>Two decimals, a point, no grouping: <c>19.99</c>.</summary>
    public override string ToString() => (Minor / 100m).ToString("0.00", CultureInfo.InvariantCulture);

    /// <summary>The first contract's form, a number with at least one decimal: <c>50.0</c>, <c>19.99</c>.</summary>
    public string ToV1() => (Minor / 100m).ToString("0.0#", CultureInfo.InvariantCulture);
}
