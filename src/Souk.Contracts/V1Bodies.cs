namespace Souk.Contracts;

/// <summary>The first contract's answer that is one sentence.</summary>
/// <param name="Text">The sentence.</param>
public sealed record Message([property: System.Text.Json.Serialization.JsonPropertyName("message")] string Text);
