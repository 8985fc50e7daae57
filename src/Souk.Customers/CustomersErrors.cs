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
    public static readonly ErrorKind RefreshTokenInvalid = new("refresh_token_invalid", 401, "The refresh token does not count, or not any more");
    public static readonly ErrorKind TooManyGuesses = new("too_many_guesses", 429, "Too many wrong passwords; wait a while");
    public static readonly ErrorKind AccountDisabled = new("account_disabled", 403, "The account is disabled");
    public static readonly ErrorKind SessionNotFound = new("session_not_found", 404, "There is no such session");
    public static readonly ErrorKind ResetTokenInvalid = new("reset_token_invalid", 400, "The reset token does not count, or not any more");
    public static readonly ErrorKind RoleNotFound = new("role_not_found", 404, "There is no such role");
    public static readonly ErrorKind RoleExists = new("role_exists", 409, "There is a role of this name already");
    public static readonly ErrorKind RoleInUse = new("role_in_use", 409, "Somebody has this role");
    public static readonly ErrorKind RoleBuiltIn = new("role_built_in", 409, "Every shop has this role");
    public static readonly ErrorKind TooManyRoles = new("too_many_roles", 409, "There are too many roles");
    public static readonly ErrorKind BeyondOwnPermissions = new("beyond_own_permissions", 403, "Nobody gives, takes or overrules more than they may do themself");
    public static readonly ErrorKind ExportNotFound = new("export_not_found", 404, "There is no such export");
    public static readonly ErrorKind ExportNotReady = new("export_not_ready", 409, "The export is not ready");
    public static readonly ErrorKind ErasureNotFound = new("erasure_not_found", 404, "There is no such erasure");
    public static readonly ErrorKind WalletFull = new("wallet_full", 409, "A wallet can't hold that much");
    public static readonly ErrorKind PaymentNotFound = new("payment_not_found", 404, "There is no such payment");
    public static readonly ErrorKind PaymentDiffers = new("payment_differs", 409, "The payment is about another amount");
    public static readonly ErrorKind PaymentLimit = new("payment_limit", 409, "Too many payments are open");
    public static readonly ErrorKind PaymentsUnavailable = new("payments_unavailable", 409, "The shop takes no payments that are confirmed later");

    public static Error NoPayment(Guid id) => PaymentNotFound.With($"There is no payment {id}.");

    /// <summary>The words for a wrong name and for a wrong password: the same, so that nobody learns which.</summary>
    public const string NoSuchCredentials = "There is no customer with this username and password.";

    /// <summary>No role of that name.</summary>
    public static Error NoRole(string name) => RoleNotFound.With($"There is no role '{name}'.");
}
