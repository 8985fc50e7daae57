using Souk.Platform.Errors;

namespace Souk.Customers.Accounts;

/// <summary>The passwords that attackers try first. There is no other rule but a length: any other choice is the customer's.</summary>
internal static class CommonPasswords
{
    private static readonly Lazy<HashSet<string>> Known = new(Load);

    /// <summary>The refusal of a common password, or null.</summary>
    public static Error? Check(string password) => Known.Value.Contains(password.ToLowerInvariant())
        ? CustomersErrors.CommonPassword.With("This password is one of the 3,000 commonest; choose another.")
        : null;

    private static HashSet<string> Load()
    {
        using var reader = new StreamReader(typeof(CommonPasswords).Assembly.GetManifestResourceStream("common-passwords.txt")!);
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
    }
}
