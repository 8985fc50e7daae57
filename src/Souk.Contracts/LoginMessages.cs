namespace Souk.Contracts;

/// <summary>Asks Customers for a token of the first contract (<c>POST /internal/v1-login</c>).</summary>
/// <param name="Username">The handle.</param>
/// <param name="Password">The password.</param>
public sealed record LogIn(string Username, string Password);

/// <summary>A token of the first contract.</summary>
/// <param name="Token">The token.</param>
public sealed record LoggedIn(string Token);
