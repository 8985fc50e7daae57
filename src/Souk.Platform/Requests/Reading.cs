using System.Text.Json;
using Souk.Platform.Errors;

namespace Souk.Platform.Requests;

/// <summary>One reading of one request: how strictly, and everything that was found wrong.</summary>
/// <param name="strictness">How strictly values are read.</param>
/// <param name="currency">The shop's currency, which amounts must name.</param>
internal sealed class Reading(Strictness strictness, string currency)
{
    /// <summary>A hostile body can't make the answer grow without end.</summary>
    private const int MostErrors = 100;

    private readonly List<FieldError> _errors = [];

    public bool Lax => strictness == Strictness.Lax;

    public string Currency => currency;

    public IReadOnlyList<FieldError> Errors => _errors;

    /// <summary>Notes what is wrong; returns null, so that a reader can end with it.</summary>
    public object? Wrong(Place place, string type, string message, JsonElement? input, params (string Name, object Value)[] context)
    {
        if (_errors.Count < MostErrors)
        {
            var shown = place.Secret ? "**********" : input is { } value ? Shown(value) : null;
            _errors.Add(new FieldError(place.Path, type, message, shown, context.Length == 0 ? null : context.ToDictionary(c => c.Name, c => c.Value)));
        }

        return null;
    }

    /// <summary>What was sent, as JSON; where that can't be written again (half a surrogate pair), the way it was escaped.</summary>
    private static object Shown(JsonElement value)
    {
        try
        {
            JsonSerializer.Serialize(value);
            return value.Clone();
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or JsonException)
        {
            return value.GetRawText();
        }
    }
}

/// <summary>Where in a request a value stands.</summary>
/// <param name="Path">The location, then names and indexes.</param>
/// <param name="Secret">Whether the value may not be echoed.</param>
internal readonly record struct Place(object[] Path, bool Secret = false)
{
    public Place Inside(object next, bool secret = false) => new([.. Path, next], Secret || secret);
}
