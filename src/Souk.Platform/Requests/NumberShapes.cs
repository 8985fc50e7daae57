using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Souk.Platform.Requests;

/// <summary>A whole number of 32 or 64 bits.</summary>
internal sealed class IntegerShape(Type type, BetweenAttribute? between) : Shape
{
    public override object? Read(JsonElement value, Reading reading, Place place)
    {
        if (value.ValueKind == JsonValueKind.String && reading.Lax)
        {
            return long.TryParse(value.GetString(), NumberStyles.Integer, CultureInfo.InvariantCulture, out var parsed)
                ? Bounded(parsed, value, reading, place)
                : reading.Wrong(place, "int_parsing", "Input should be a valid integer, unable to parse string as an integer", value);
        }

        if (value.ValueKind != JsonValueKind.Number)
        {
            return reading.Wrong(place, "int_type", "Input should be a valid integer", value);
        }

        if (!value.TryGetDecimal(out var number) || number != decimal.Truncate(number) || Bounds.WasRounded(number, value))
        {
            return reading.Wrong(place, "int_from_float", "Input should be a valid integer, got a number with a fractional part", value);
        }

        return Bounded(number, value, reading, place);
    }

    private object? Bounded(decimal number, JsonElement value, Reading reading, Place place)
    {
        if (!Bounds.Hold(number, between, value, reading, place))
        {
            return null;
        }

        var (least, most) = type == typeof(int) ? (int.MinValue, int.MaxValue) : (long.MinValue, (decimal)long.MaxValue);
        if (number < least || number > most)
        {
            return reading.Wrong(place, "int_parsing_size", "Unable to parse input string as an integer, exceeded maximum size", value);
        }

        return type == typeof(int) ? (object)(int)number : (long)number;
    }
}

/// <summary>Money as a JSON number with at most two decimals (the first contract).</summary>
internal sealed class NumberMoneyShape(BetweenAttribute? between) : Shape
{
    public override object? Read(JsonElement value, Reading reading, Place place)
    {
        decimal number;
        if (value.ValueKind == JsonValueKind.String && reading.Lax)
        {
            if (!decimal.TryParse(value.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out number))
            {
                return reading.Wrong(place, "float_parsing", "Input should be a valid number, unable to parse string as a number", value);
            }
        }
        else if (value.ValueKind != JsonValueKind.Number)
        {
            return reading.Wrong(place, "float_type", "Input should be a valid number", value);
        }
        else if (!value.TryGetDecimal(out number))
        {
            return reading.Wrong(place, "finite_number", "Input should be a finite number", value);
        }

        return Bounds.Money(number, between, value, reading, place);
    }
}

/// <summary>Money as an object with a decimal string and the shop's currency (the second contract).</summary>
internal sealed partial class AmountShape(BetweenAttribute? between) : Shape
{
    public override object? Read(JsonElement value, Reading reading, Place place)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            return reading.Wrong(place, "money_type", "Input should be an object with an amount (a decimal string) and a currency", value);
        }

        object? money = null;
        if (!value.TryGetProperty("amount", out var amount))
        {
            reading.Wrong(place.Inside("amount"), "missing", "Field required", value);
        }
        else if (amount.ValueKind != JsonValueKind.String
            || !Form().IsMatch(amount.GetString()!)
            || !decimal.TryParse(amount.GetString(), NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
        {
            reading.Wrong(place.Inside("amount"), "decimal_parsing", "Input should be a decimal number in a string", amount);
        }
        else
        {
            money = Bounds.Money(number, between, amount, reading, place.Inside("amount"));
        }

        return OfTheShop(value, reading, place) ? money : null;
    }

    /// <summary>Digits, and at most one point among them: no plus, no exponent, no spaces.</summary>
    [GeneratedRegex(@"\A-?[0-9]+(\.[0-9]+)?\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 100)]
    private static partial Regex Form();

    private static bool OfTheShop(JsonElement value, Reading reading, Place place)
    {
        var known = true;
        foreach (var field in value.EnumerateObject().Where(f => f.Name is not ("amount" or "currency")))
        {
            reading.Wrong(place.Inside(field.Name), "extra_forbidden", "Extra inputs are not permitted", field.Value);
            known = false;
        }

        if (!value.TryGetProperty("currency", out var currency))
        {
            reading.Wrong(place.Inside("currency"), "missing", "Field required", value);
            return false;
        }

        if (currency.ValueKind != JsonValueKind.String || currency.GetString() != reading.Currency)
        {
            reading.Wrong(place.Inside("currency"), "literal_error", $"Input should be '{reading.Currency}'", currency, ("expected", $"'{reading.Currency}'"));
            return false;
        }

        return known;
    }
}

/// <summary>The bounds that numbers share.</summary>
internal static class Bounds
{
    public static bool Hold(decimal number, BetweenAttribute? between, JsonElement value, Reading reading, Place place)
    {
        if (between is null)
        {
            return true;
        }

        if (between.MoreThanMin ? number <= between.Min : number < between.Min)
        {
            var (type, words, name) = between.MoreThanMin ? ("greater_than", "greater than", "gt") : ("greater_than_equal", "greater than or equal to", "ge");
            reading.Wrong(place, type, $"Input should be {words} {Plain(between.Min)}", value, (name, between.Min));
            return false;
        }

        if (number > between.Max)
        {
            reading.Wrong(place, "less_than_equal", $"Input should be less than or equal to {Plain(between.Max)}", value, ("le", between.Max));
            return false;
        }

        return true;
    }

    public static object? Money(decimal number, BetweenAttribute? between, JsonElement value, Reading reading, Place place)
    {
        if (!Hold(number, between ?? Unbounded, value, reading, place))
        {
            return null;
        }

        return number * 100m == decimal.Truncate(number * 100m) && !WasRounded(number, value)
            ? Values.Money.OfMajor(number)
            : reading.Wrong(place, "decimal_max_places", "Decimal input should have no more than 2 decimal places", value, ("decimal_places", 2));
    }

    /// <summary>A decimal keeps 28 digits and rounds the others away: what it can't hold in full has too many.</summary>
    public static bool WasRounded(decimal number, JsonElement value)
    {
        const int Kept = 28;
        var digits = value.ToString().Split('e', 'E')[0].Replace(".", "", StringComparison.Ordinal).Trim(' ', '+', '-', '0');
        return digits.Length > (number == 0 ? 0 : Kept);
    }

    private static readonly BetweenAttribute Unbounded = new(0, (double)Values.Money.Most.Major);

    private static string Plain(decimal number) => number.ToString("0.##", CultureInfo.InvariantCulture);
}
