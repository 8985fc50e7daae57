namespace Souk.Contracts;

/// <summary>The first contract's answer that is one sentence.</summary>
/// <param name="Text">The sentence.</param>
public sealed record Message([property: System.Text.Json.Serialization.JsonPropertyName("message")] string Text);

/// <summary>The first contract's refusal that is one sentence.</summary>
/// <param name="Text">The sentence.</param>
public sealed record Detail([property: System.Text.Json.Serialization.JsonPropertyName("detail")] string Text);
