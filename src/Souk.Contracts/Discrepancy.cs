namespace Souk.Contracts;

/// <summary>Something in the books that is not as it must be.</summary>
/// <param name="Kind">Which rule is broken, in snake_case.</param>
/// <param name="Id">The wallet, product, movement, sale or order that it is about.</param>
/// <param name="Expected">What should stand there.</param>
/// <param name="Found">What stands there.</param>
public sealed record Discrepancy(string Kind, string Id, string Expected, string Found);
