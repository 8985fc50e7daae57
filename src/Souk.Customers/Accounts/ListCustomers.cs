using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Souk.Contracts;
using Souk.Platform.Errors;
using Souk.Platform.Hosting;
using Souk.Platform.Persistence;
using Souk.Platform.Requests;
using Souk.Platform.Security;

namespace Souk.Customers.Accounts;

/// <summary>Whom to look for, and which page.</summary>
internal sealed class CustomerQuery : PageQuery
{
    /// <summary>How the username begins, in any case.</summary>
    [Text(1, Customer.UsernameMost, Pattern = Customer.UsernamePattern)]
    public string? Q { get; set; }

    /// <summary>Only this role.</summary>
    [Text(1, Roles.Role.NameMost)]
    public string? Role { get; set; }

    /// <summary>Only this marital status.</summary>
    public MaritalStatus? MaritalStatus { get; set; }
}

/// <summary>Lists customers by their usernames, page by page.</summary>
internal static class ListCustomers
{
    public static void Map(IEndpointRouteBuilder v2) => v2
        .MapGet("/customers", async (Params<CustomerQuery> query, CustomersDb db, HttpContext http) => (await Run(db, query.Value, http.RequestAborted)).Ok())
        .WithTags("customers").Allow(Access.Needs(Permissions.CustomersRead))
        .Describe("List customers", "By username. Filters narrow each other.")
        .Answers(200, new Page<CustomerView>([CustomerView.Example], null));

    private static async Task<Result<Page<CustomerView>>> Run(CustomersDb db, CustomerQuery query, CancellationToken stop)
    {
        if (Paging.Read<Key>(query.After).Refused(out var wrong, out var after))
        {
            return wrong;
        }

        var rows = await Filtered(db, query).Where(c => after == null || c.UsernameKey!.CompareTo(after.Username) > 0)
            .OrderBy(c => c.UsernameKey).Take(query.Limit + 1).AsNoTracking().ToListAsync(stop);
        return Paging.Of(rows, query.Limit, CustomerView.Of, c => new Key(c.UsernameKey!));
    }

    private static IQueryable<Customer> Filtered(CustomersDb db, CustomerQuery query)
    {
        var customers = db.Customers.Where(c => c.DeletedAt == null);
        customers = query.Role is { } role ? customers.Where(c => c.Role == role) : customers;
        customers = query.MaritalStatus is { } status ? customers.Where(c => c.MaritalStatus == status) : customers;
        return query.Q is { } prefix ? customers.Where(c => c.UsernameKey!.StartsWith(Customer.KeyOf(prefix))) : customers;
    }

    private sealed record Key(string Username);
}
