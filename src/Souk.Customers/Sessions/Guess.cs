using Souk.Platform.Audit;

namespace Souk.Customers.Sessions;

/// <summary>How often a password was guessed wrongly for a username from an address, whether or not there is such a customer.</summary>
[NotAudited]
internal sealed class Guess
{
    /// <summary>A digest of both; what people type into a username field is nothing to keep.</summary>
    public required string Key { get; init; }

    /// <summary>How many guesses there were since the last right one, with the one under way.</summary>
    public int Count { get; set; }

    /// <summary>When the last one was made (UTC).</summary>
    public DateTime At { get; set; }

    /// <summary>Until when no other is heard (UTC); null when the next is.</summary>
    public DateTime? PausedUntil { get; set; }
}
