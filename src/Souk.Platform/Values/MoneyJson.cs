using System.Text.Json;
using System.Text.Json.Serialization;

namespace Souk.Platform.Values;

/// <summary>Money in the second contract: <c>{"amount":"19.99","currency":"USD"}</c>.</summary>
/// <param name="currency">The shop's one currency, an ISO 4217 code.</param>
public sealed class MoneyJson(string currency) : JsonConverter<Money>
{
    /// <inheritdoc/>
    public override Money Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        var text = document.RootElement.GetProperty("amount").GetString();
        return Money.OfMajor(decimal.Parse(text!, System.Globalization.CultureInfo.InvariantCulture));
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Money value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WriteString("amount", value.ToString());
        writer.WriteString("currency", currency);
        writer.WriteEndObject();
    }
}

/// <summary>Money in the first contract: a JSON number, <c>50.0</c>.</summary>
public sealed class V1MoneyJson : JsonConverter<Money>
{
    /// <inheritdoc/>
    public override Money Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Money.OfMajor(reader.GetDecimal());

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Money value, JsonSerializerOptions options) => writer.WriteRawValue(value.ToV1());
}

/// <summary>Money between services: a number of minor units.</summary>
public sealed class MinorMoneyJson : JsonConverter<Money>
{
    /// <inheritdoc/>
    public override Money Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(reader.GetInt64());

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Money value, JsonSerializerOptions options) => writer.WriteNumberValue(value.Minor);
}
