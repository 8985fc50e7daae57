namespace Souk.Platform.Requests;

/// <summary>A rule on one field of a request. The reader enforces it and the OpenAPI document shows it.</summary>
[AttributeUsage(AttributeTargets.Property)]
public abstract class RuleAttribute : Attribute;

/// <summary>Bounds of a text: its length in UTF-16 units after NFC normalisation, and its form.</summary>
/// <param name="min">Shortest length.</param>
/// <param name="max">Longest length.</param>
public sealed class TextAttribute(int min, int max) : RuleAttribute
{
    /// <summary>Shortest length.</summary>
    public int Min { get; } = min;

    /// <summary>Longest length.</summary>
    public int Max { get; } = max;

    /// <summary>A regular expression (.NET and ECMA-262 read it alike) that the whole text must match.</summary>
    public string? Pattern { get; init; }

    /// <summary>Whether line breaks and tabs are allowed; no other control character ever is.</summary>
    public bool Multiline { get; init; }

    /// <summary>Whether the text is a secret: never echoed, never normalised.</summary>
    public bool Secret { get; init; }
}

/// <summary>The words that a text, or each text of a list, can be.</summary>
/// <param name="holder">The type that has them.</param>
/// <param name="list">Its static property: a list of texts.</param>
public sealed class OneOfAttribute(Type holder, string list) : RuleAttribute
{
    /// <summary>The words.</summary>
    public IReadOnlyList<string> Words { get; } = (IReadOnlyList<string>)holder.GetProperty(list)!.GetValue(null)!;

    /// <summary>The type that has them.</summary>
    public Type Holder { get; } = holder;

    /// <summary>Its static property.</summary>
    public string List { get; } = list;
}

/// <summary>Bounds of a number, both inclusive unless said otherwise. For money they are in major units.</summary>
/// <param name="min">The least.</param>
/// <param name="max">The most.</param>
public sealed class BetweenAttribute(double min, double max) : RuleAttribute
{
    /// <summary>The least.</summary>
    public decimal Min { get; } = (decimal)min;

    /// <summary>The most.</summary>
    public decimal Max { get; } = (decimal)max;

    /// <summary>Whether the least itself is refused.</summary>
    public bool MoreThanMin { get; init; }
}

/// <summary>How many elements a list has.</summary>
/// <param name="min">The fewest.</param>
/// <param name="max">The most.</param>
public sealed class CountAttribute(int min, int max) : RuleAttribute
{
    /// <summary>The fewest.</summary>
    public int Min { get; } = min;

    /// <summary>The most.</summary>
    public int Max { get; } = max;
}

/// <summary>How strictly values are read.</summary>
public enum Strictness
{
    /// <summary>The second contract: each value has its JSON type and unknown fields are refused.</summary>
    Strict,

    /// <summary>The first contract, as Pydantic reads: a number or a boolean may be sent as text, unknown fields are passed over.</summary>
    Lax,
}
