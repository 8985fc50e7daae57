using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Souk.Platform.Requests;

/// <summary>A text: normalised to NFC, without control characters, within its bounds.</summary>
internal sealed class TextShape(TextAttribute rule) : Shape
{
    private static readonly TimeSpan PatternTime = TimeSpan.FromMilliseconds(100);

    private readonly Regex? _pattern = rule.Pattern is null ? null : new Regex($"^(?:{rule.Pattern})$", RegexOptions.CultureInvariant, PatternTime);

    public override object? Read(JsonElement value, Reading reading, Place place)
    {
        if (value.ValueKind != JsonValueKind.String)
        {
            return reading.Wrong(place, "string_type", "Input should be a valid string", value);
        }

        if (!TryText(value, out var text))
        {
            return reading.Wrong(place, "string_unicode", "Input should be a valid string, unable to parse raw data as a unicode string", value);
        }

        if (text.Any(Forbidden))
        {
            return reading.Wrong(place, "string_control_character", "String should have no control characters", value);
        }

        return Bounded(text, value, reading, place);
    }

    private string? Bounded(string text, JsonElement value, Reading reading, Place place)
    {
        if (text.Length < rule.Min)
        {
            reading.Wrong(place, "string_too_short", $"String should have at least {Characters(rule.Min)}", value, ("min_length", rule.Min));
            return null;
        }

        if (text.Length > rule.Max)
        {
            reading.Wrong(place, "string_too_long", $"String should have at most {Characters(rule.Max)}", value, ("max_length", rule.Max));
            return null;
        }

        if (_pattern?.IsMatch(text) == false)
        {
            reading.Wrong(place, "string_pattern_mismatch", $"String should match pattern '{rule.Pattern}'", value, ("pattern", rule.Pattern!));
            return null;
        }

        return text;
    }

    /// <summary>JSON can carry half a surrogate pair, which is not a text; it can't be normalised or stored.</summary>
    private bool TryText(JsonElement value, out string text)
    {
        text = "";
        try
        {
            var raw = value.GetString()!;
            text = rule.Secret || raw.IsNormalized(NormalizationForm.FormC) ? raw : raw.Normalize(NormalizationForm.FormC);
            return true;
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            return false;
        }
    }

    private bool Forbidden(char c) => char.IsControl(c) && !(rule.Multiline && c is '\n' or '\r' or '\t');

    private static string Characters(int n) => n == 1 ? "1 character" : $"{n} characters";
}
