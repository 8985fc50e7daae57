using Souk.Platform.Errors;

namespace Souk.Customers;

/// <summary>The refusals that are Customers' own.</summary>
internal static class CustomersErrors
{
    public static readonly ErrorKind UsernameTaken = new("username_taken", 409, "Another customer has this username");
    public static readonly ErrorKind CommonPassword = new("common_password", 400, "The password is one of the commonest");
    public static readonly ErrorKind InvalidCredentials = new("invalid_credentials", 401, "The username or the password is wrong");
    public static readonly ErrorKind CurrentPasswordWrong = new("current_password_wrong", 403, "The current password is needed, and must be right");
    public static readonly ErrorKind LastAdmin = new("last_admin", 409, "The shop needs at least one admin");
    public static readonly ErrorKind WalletFull = new("wallet_full", 409, "A wallet can't hold that much");
}
