namespace Souk.Contracts;

/// <summary>Asks Customers for a token of the first contract (<c>POST /internal/v1-login</c>).</summary>
/// <param name="Username">The handle.</param>
/// <param name="Password">The password.</param>
/// <param name="Address">The client's network address.</param>
/// <param name="Agent">What the client calls itself.</param>
public sealed record LogIn(string Username, string Password, string Address = "", string Agent = "");

/// <summary>A token of the first contract.</summary>
/// <param name="Token">The token.</param>
public sealed record LoggedIn(string Token);

/// <summary>What both services that log in by the first contract say.</summary>
public static class LoginWords
{
    /// <summary>To whoever shows a password where a second factor is needed too.</summary>
    public const string PasswordIsNotEnough = "Send a code of the authenticator app or a recovery code as code to POST /api/v2/tokens, or sign in by passkey.";
}
