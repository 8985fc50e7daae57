namespace Souk.Contracts;

/// <summary>What operations ask of callers. Customers gives each role a set of them and writes it into the tokens.</summary>
public static class Permissions
{
    /// <summary>Read every customer and every wallet.</summary>
    public const string CustomersRead = "customers:read";

    /// <summary>Change and delete every customer.</summary>
    public const string CustomersWrite = "customers:write";

    /// <summary>Make roles, give them and take them.</summary>
    public const string RolesWrite = "roles:write";

    /// <summary>Move money in every wallet.</summary>
    public const string WalletAdjust = "wallet:adjust";

    /// <summary>Add, change and remove products; adjust stock.</summary>
    public const string InventoryWrite = "inventory:write";

    /// <summary>Read every order and every cart.</summary>
    public const string SalesRead = "sales:read";

    /// <summary>Buy and cancel on behalf of a customer.</summary>
    public const string SalesWrite = "sales:write";

    /// <summary>Register webhooks, change them and read their deliveries.</summary>
    public const string WebhooksWrite = "webhooks:write";

    /// <summary>See unapproved reviews, moderate and delete them.</summary>
    public const string ReviewsModerate = "reviews:moderate";

    /// <summary>Read the audit log.</summary>
    public const string AuditRead = "audit:read";

    /// <summary>Read the unexpected errors.</summary>
    public const string ErrorsRead = "errors:read";

    /// <summary>Make the next key that tokens are signed with.</summary>
    public const string KeysRotate = "keys:rotate";

    /// <summary>Every one of them.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        CustomersRead,
        CustomersWrite,
        RolesWrite,
        WalletAdjust,
        InventoryWrite,
        SalesRead,
        SalesWrite,
        WebhooksWrite,
        ReviewsModerate,
        AuditRead,
        ErrorsRead,
        KeysRotate,
    ];
}
