namespace Souk.Platform.Security;

/// <summary>
/// Tells whether the session of a valid token has not been ended since. Customers asks its database; the other services what
/// they have heard from it.
/// </summary>
/// <param name="caller">Who the token says it is.</param>
/// <param name="stop">Cancels the question.</param>
public delegate ValueTask<bool> StillSignedIn(Caller caller, CancellationToken stop);
