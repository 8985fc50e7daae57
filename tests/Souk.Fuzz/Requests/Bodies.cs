using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Souk.Fuzz.Requests;

/// <summary>Writes JSON bodies out of a schema and an example: right ones, and ones with wrong places in them.</summary>
/// <param name="document">Where the schemas' names are known.</param>
/// <param name="dice">Chance.</param>
/// <param name="who">Who sends it.</param>
/// <param name="wrong">How many of the places are wrong, from 0 to 1.</param>
internal sealed class Bodies(Document document, Dice dice, string who, double wrong)
{
    private const int Deepest = 8;
    private static readonly TimeSpan PatternTime = TimeSpan.FromSeconds(1);

    private readonly StringBuilder _text = new();

    /// <summary>A body of an operation.</summary>
    public string Of(Operation operation)
    {
        Write(operation.Body!.Value, dice.Chance(0.5) ? operation.Example : null, "", operation.Collection, 0);
        return _text.ToString();
    }

    /// <summary>A value of a parameter, not encoded yet.</summary>
    public static string Parameter(JsonElement schema, Document document, Dice dice)
    {
        var resolved = document.Resolve(schema);
        var bodies = new Bodies(document, dice, "", 0);
        return TypeOf(resolved) switch
        {
            "string" => bodies.Text(resolved, null),
            "integer" => bodies.Integer(resolved),
            "boolean" => dice.OneOf("true", "false"),
            _ => bodies.Number(resolved),
        };
    }

    private void Write(JsonElement schema, JsonElement? example, string name, string collection, int depth)
    {
        if (dice.Chance(wrong))
        {
            _text.Append(dice.Chance(0.6) ? dice.OneOf<string>(Corpus.Literals) : Quoted(dice.OneOf<string>(Corpus.Texts)));
            return;
        }

        var resolved = document.Resolve(schema);
        switch (TypeOf(resolved))
        {
            case "object":
                Object(resolved, example, collection, depth);
                break;
            case "array":
                Array(resolved, example, collection, depth);
                break;
            default:
                _text.Append(Scalar(resolved, example, name, collection));
                break;
        }
    }

    private void Object(JsonElement schema, JsonElement? example, string collection, int depth)
    {
        var required = schema.TryGetProperty("required", out var names) ? names.EnumerateArray().Select(n => n.GetString()!).ToHashSet() : [];
        var fields = schema.TryGetProperty("properties", out var properties) ? properties.EnumerateObject().ToArray() : [];
        _text.Append('{');
        var first = true;
        foreach (var field in fields)
        {
            var isWanted = required.Contains(field.Name) ? !dice.Chance(wrong / 2) : dice.Chance(0.6);
            if (isWanted && depth < Deepest)
            {
                Name(field.Name, ref first);
                Write(field.Value, Part(example, field.Name), field.Name, collection, depth + 1);
            }
        }

        if (dice.Chance(wrong))
        {
            Stray(fields, ref first);
        }

        _text.Append('}');
    }

    /// <summary>A field that nobody asked for: a privileged one, a strange one, or one for the second time.</summary>
    private void Stray(JsonProperty[] fields, ref bool first)
    {
        Name(dice.OneOf("role", "balance", "price", "id", "version", "is_admin", "permissions", "status", "created_at", "", "__proto__", "$type", "\\ud800", fields.Length == 0 ? "a" : fields[dice.Below(fields.Length)].Name), ref first);
        _text.Append(dice.OneOf<string>(Corpus.Literals));
    }

    private void Name(string name, ref bool first)
    {
        _text.Append(first ? "" : ",").Append('"').Append(name).Append("\":");
        first = false;
    }

    private void Array(JsonElement schema, JsonElement? example, string collection, int depth)
    {
        var most = schema.TryGetProperty("maxItems", out var max) ? max.GetInt32() : 5;
        var count = dice.Chance(0.03) ? most : dice.From(schema.TryGetProperty("minItems", out var min) ? min.GetInt32() : 0, Math.Min(most, 3));
        count += dice.Chance(wrong / 3) ? 101 : 0;
        _text.Append('[');
        for (var i = 0; i < count && depth < Deepest; i++)
        {
            _text.Append(i == 0 ? "" : ",");
            Write(schema.GetProperty("items"), example is { ValueKind: JsonValueKind.Array } list && list.GetArrayLength() > 0 ? list[0] : null, "", collection, depth + 1);
        }

        _text.Append(']');
    }

    private string Scalar(JsonElement schema, JsonElement? example, string name, string collection)
    {
        if (name.Contains("password", StringComparison.Ordinal) && dice.Chance(0.7))
        {
            return Quoted(Testing.RunningShop.Password);
        }

        var plain = TypeOf(schema) switch
        {
            "string" => Quoted(Text(schema, example)),
            "integer" => Integer(schema),
            "number" => Number(schema),
            "boolean" => dice.OneOf("true", "false"),
            _ => example?.GetRawText() is { } raw ? Bytes.Of(raw) : dice.OneOf<string>(Corpus.Literals),
        };
        if (name is "customer_id" or "username" && who.Length > 0 && dice.Chance(0.4))
        {
            return Blank.InJson($"me:{who}", 0, plain);
        }

        var refers = name.EndsWith("id", StringComparison.Ordinal) || name is "username" or "customer_username" || name.EndsWith("_token", StringComparison.Ordinal);
        return refers && dice.Chance(0.7) ? Blank.InJson(Seen.PoolOf(name, collection), dice.Below(24), plain) : plain;
    }

    private string Text(JsonElement schema, JsonElement? example)
    {
        if (schema.TryGetProperty("enum", out var words))
        {
            return $"{words[dice.Below(words.GetArrayLength())]}";
        }

        var format = schema.TryGetProperty("format", out var f) ? f.GetString() : null;
        if (format is "uuid" or "date-time")
        {
            return format == "uuid" ? dice.Id().ToString() : "2026-11-21T09:30:00Z";
        }

        if (example is { ValueKind: JsonValueKind.String } given && dice.Chance(0.6))
        {
            return given.GetString()!;
        }

        return Allowed(schema);
    }

    /// <summary>A text that the schema allows, often just so: odd ones out of the corpus, or the longest.</summary>
    private string Allowed(JsonElement schema)
    {
        var least = schema.TryGetProperty("minLength", out var min) ? min.GetInt32() : 0;
        var most = schema.TryGetProperty("maxLength", out var max) ? max.GetInt32() : 60;
        var pattern = schema.TryGetProperty("pattern", out var p) ? p.GetString() : null;
        for (var tries = 0; tries < 6; tries++)
        {
            var text = dice.Below(4) switch
            {
                0 => dice.OneOf<string>(Corpus.Texts),
                1 => $"user-{dice.Below(100_000)}",
                2 => string.Create(CultureInfo.InvariantCulture, $"{dice.Below(200)}.{dice.Below(100):00}"),
                _ => new string((char)('a' + dice.Below(26)), dice.Chance(0.5) ? most : Math.Max(1, least)),
            };
            if (text.Length >= least && text.Length <= most && Fits(text, pattern))
            {
                return text;
            }
        }

        return string.Create(CultureInfo.InvariantCulture, $"{dice.From(1, 500)}.{dice.Below(100):00}") is var amount && pattern is not null && Fits(amount, pattern) ? amount : $"some-{dice.Below(1000)}";
    }

    private static bool Fits(string text, string? pattern) => pattern is null || Regex.IsMatch(text, pattern, RegexOptions.CultureInvariant, PatternTime);

    private string Integer(JsonElement schema)
    {
        var least = schema.TryGetProperty("minimum", out var min) && min.TryGetInt64(out var lower) ? lower : schema.TryGetProperty("exclusiveMinimum", out _) ? 1 : -3;
        var most = schema.TryGetProperty("maximum", out var max) && max.TryGetInt64(out var upper) ? upper : 1000;
        return (dice.Below(8) switch { 0 => least, 1 => most, _ => least + dice.Below((int)Math.Min(20, Math.Max(1, most - least))) }).ToString(CultureInfo.InvariantCulture);
    }

    private string Number(JsonElement schema)
    {
        var most = schema.TryGetProperty("maximum", out var max) ? max.GetDecimal() : 500;
        return dice.Below(8) switch
        {
            0 => "0.01",
            1 => most.ToString(CultureInfo.InvariantCulture),
            2 => "1e1",
            _ => string.Create(CultureInfo.InvariantCulture, $"{dice.Below(80)}.{dice.Below(100):00}"),
        };
    }

    private string Quoted(string text) => Bytes.Of(dice.Chance(0.5) ? JsonSerializer.Serialize(text) : $"\"{JsonEncodedText.Encode(text, System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"");

    private static JsonElement? Part(JsonElement? example, string name) => example is { ValueKind: JsonValueKind.Object } of && of.TryGetProperty(name, out var part) ? part : null;

    private static string TypeOf(JsonElement schema) =>
        schema.TryGetProperty("type", out var type) ? type.ValueKind == JsonValueKind.Array ? type.EnumerateArray().Select(t => t.GetString()!).First(t => t != "null") : type.GetString()!
        : schema.TryGetProperty("properties", out _) ? "object" : schema.TryGetProperty("enum", out _) ? "string" : "any";
}
