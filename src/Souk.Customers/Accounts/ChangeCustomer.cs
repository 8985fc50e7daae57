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

/// <summary>What can be changed of an account: a JSON Merge Patch (RFC 7396). Fields left out stay as they are; none can be removed.</summary>
internal class CustomerPatch
{
    /// <summary>The full name.</summary>
    [Text(1, Customer.NameMost)]
    public string? Name { get; set; }

    /// <summary>In years.</summary>
    [Between(0, Customer.AgeMost)]
    public int? Age { get; set; }

    /// <summary>Where to send things.</summary>
    [Text(1, Customer.AddressMost, Multiline = true)]
    public string? Address { get; set; }

    /// <summary>True: male; false: female.</summary>
    public bool? Gender { get; set; }

    /// <summary>Whether married.</summary>
    public MaritalStatus? MaritalStatus { get; set; }

    /// <summary>The new password. Any but the commonest.</summary>
    [Text(Customer.PasswordLeast, Customer.PasswordMost, Secret = true)]
    public string? Password { get; set; }

    /// <summary>The password until now; needed where customers change their own.</summary>
    [Text(1, Customer.PasswordMost, Secret = true)]
    public string? CurrentPassword { get; set; }

    internal bool IsEmpty => this is { Name: null, Age: null, Address: null, Gender: null, MaritalStatus: null, Password: null };
}

/// <summary>Changes a customer's fields and password. Roles have their own operation.</summary>
internal sealed class ChangeCustomer(IDbContextFactory<CustomersDb> contexts, GroupCommit<CustomersDb> writer, Passwords passwords, TimeProvider time)
{
    public static void Map(IEndpointRouteBuilder v2) => v2
        .MapPatch("/customers/{username}", async (Params<CustomerPath> at, IfMatch match, Body<CustomerPatch> body, Caller caller, ChangeCustomer use, HttpContext http) =>
            (await use.Run(caller, at.Value.Username, body.Value, match.Check)).OkWithETag(http))
        .WithTags("customers").Allow(Access.Self("username", Permissions.CustomersWrite, ShopErrors.NoCustomer))
        .Describe("Change a customer", "A JSON Merge Patch. A customer who sets a new password sends the current one along.")
        .Takes(new CustomerPatch { Address = "456 Park Avenue", Age = 31 })
        .Answers(200, CustomerView.Example with { Address = "456 Park Avenue", Age = 31, Version = 2 })
        .Refuses(ShopErrors.CustomerNotFound, CustomersErrors.CommonPassword, CustomersErrors.CurrentPasswordWrong);

    /// <summary>Changes it. The owner proves to know the current password before setting a new one.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="username">The customer.</param>
    /// <param name="patch">What to change.</param>
    /// <param name="precondition">Refuses the change by the current version, or null for none.</param>
    /// <param name="role">The role to give in the same step (the first contract's update), or null.</param>
    public async Task<Result<CustomerView>> Run(Caller caller, string username, CustomerPatch patch, Func<int, Error?>? precondition, Role? role = null)
    {
        if (patch.Password is not null && await RefuseStranger(caller, username, patch.CurrentPassword) is { } stranger)
        {
            return stranger;
        }

        if ((await NewHash(patch.Password)).Refused(out var refused, out var hash))
        {
            return refused;
        }

        return await writer.Write<CustomerView>(async db =>
        {
            var found = await db.Customers.For(caller, username, Permissions.CustomersWrite);
            if (found.Refused(out var missing, out var customer))
            {
                return missing;
            }

            if ((precondition?.Invoke(customer.Version) ?? await SetRole.Give(db, customer, role ?? customer.Role)) is { } not)
            {
                return not;
            }

            Apply(customer, patch, hash, changed: !patch.IsEmpty || role is not null);
            return CustomerView.Of(customer);
        });
    }

    private void Apply(Customer customer, CustomerPatch patch, string? hash, bool changed)
    {
        customer.Name = patch.Name ?? customer.Name;
        customer.Age = patch.Age ?? customer.Age;
        customer.Address = patch.Address ?? customer.Address;
        customer.Gender = patch.Gender ?? customer.Gender;
        customer.MaritalStatus = patch.MaritalStatus ?? customer.MaritalStatus;
        customer.PasswordHash = hash ?? customer.PasswordHash;
        if (changed)
        {
            customer.Changed(time.GetUtcNow().UtcDateTime);
        }
    }

    private async Task<Result<string?>> NewHash(string? password) =>
        password is null ? (string?)null
            : CommonPasswords.Check(password) is { } common ? common
            : (await passwords.Hash(password)).Map(hash => (string?)hash);

    /// <summary>A token alone is not enough to take an account over: its owner must know the password too. Admins need not.</summary>
    private async Task<Error?> RefuseStranger(Caller caller, string username, string? currentPassword)
    {
        await using var db = await contexts.CreateDbContextAsync();
        var found = await db.Customers.AsNoTracking().For(caller, username, Permissions.CustomersWrite);
        if (found.Refused(out var missing, out var customer) || customer.Id != caller.Id)
        {
            return missing;
        }

        if (currentPassword is null)
        {
            return CustomersErrors.CurrentPasswordWrong.With("Send the current password as current_password along with the new one.");
        }

        var check = await passwords.Check(customer.PasswordHash, currentPassword);
        return check.Error ?? (check.Value.Right ? null : CustomersErrors.CurrentPasswordWrong.With("The current password is another one."));
    }
}
