using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Souk.Contracts;
using Souk.Customers.Roles;
using Souk.Customers.Sessions;
using Souk.Platform.Errors;
using Souk.Platform.Hosting;
using Souk.Platform.Logging;
using Souk.Platform.Persistence;
using Souk.Platform.Requests;
using Souk.Platform.Security;

namespace Souk.Customers.Accounts;

/// <summary>What can be changed of an account: a JSON Merge Patch (RFC 7396). Fields left out stay as they are; none can be removed.</summary>
internal class CustomerPatch
{
    /// <summary>The full name.</summary>
    [Personal, Text(1, Customer.NameMost)]
    public string? Name { get; set; }

    /// <summary>In years.</summary>
    [Between(0, Customer.AgeMost)]
    public int? Age { get; set; }

    /// <summary>Where to send things.</summary>
    [Personal, Text(1, Customer.AddressMost, Multiline = true)]
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

    /// <summary>Whether it changes what a thief of a token would change: where the goods go, and who gets in.</summary>
    internal bool IsSensitive => Password is not null || Address is not null;

    internal bool IsEmpty => this is { Name: null, Age: null, Address: null, Gender: null, MaritalStatus: null, Password: null };
}

/// <summary>Changes a customer's fields and password. Roles have their own operation.</summary>
internal sealed class ChangeCustomer(IDbContextFactory<CustomersDb> contexts, GroupCommit<CustomersDb> writer, Passwords passwords, Guesses guesses, StepUp stepUp, TimeProvider time)
{
    public static void Map(IEndpointRouteBuilder v2) => v2
        .MapPatch("/customers/{username}", async (Params<CustomerPath> at, IfMatch match, Body<CustomerPatch> body, Caller caller, Origin origin, ChangeCustomer use, HttpContext http) =>
            (await use.Run(caller, origin, at.Value.Username, body.Value, match.Check)).OkWithETag(http))
        .WithTags("customers").Allow(Access.Self("username", Permissions.CustomersWrite, ShopErrors.NoCustomer))
        .Describe("Change a customer", "A JSON Merge Patch. A customer who sets a new password sends the current one along; it ends all sessions, this one too, and the customer signs in again.")
        .Takes(new CustomerPatch { Address = "456 Park Avenue", Age = 31 })
        .Answers(200, CustomerView.Example with { Address = "456 Park Avenue", Age = 31, Version = 2 })
        .Refuses(ShopErrors.CustomerNotFound, CustomersErrors.CommonPassword, CustomersErrors.CurrentPasswordWrong, CustomersErrors.TooManyGuesses, CustomersErrors.BeyondOwnPermissions, CommonErrors.StepUpRequired);

    /// <summary>Changes it. The owner proves to know the current password before setting a new one.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="origin">Where the request came from.</param>
    /// <param name="username">The customer.</param>
    /// <param name="patch">What to change.</param>
    /// <param name="precondition">Refuses the change by the current version, or null for none.</param>
    /// <param name="role">The role to give in the same step (the first contract's update), or null.</param>
    /// <param name="staysSignedIn">Whether a new password leaves the caller's own session alone (the first contract's clients can't expect its end).</param>
    public async Task<Result<CustomerView>> Run(
        Caller caller, Origin origin, string username, CustomerPatch patch, Func<int, Error?>? precondition, string? role = null, bool staysSignedIn = false)
    {
        if (patch.Password is not null && await RefuseStranger(caller, origin, username, patch.CurrentPassword) is { } stranger)
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

            if (patch.IsSensitive && stepUp.Check(caller, customer.Id == caller.Id && customer.SecondFactor) is { } needed)
            {
                return needed;
            }

            var now = time.GetUtcNow().UtcDateTime;
            if ((precondition?.Invoke(customer.Version) ?? (role is null ? null : await SetRole.Give(db, caller, customer, role, now))) is { } not)
            {
                return not;
            }

            Apply(customer, patch);
            if (hash is not null)
            {
                (customer.PasswordHash, customer.PasswordSetAt) = (hash, now);
                await EndSessions.Of(db, customer.Id, now, but: staysSignedIn ? caller.SessionId : null);
            }

            if (!patch.IsEmpty || role is not null)
            {
                customer.Changed(now);
            }

            return CustomerView.Of(customer);
        });
    }

    private static void Apply(Customer customer, CustomerPatch patch)
    {
        customer.Name = patch.Name ?? customer.Name;
        customer.Age = patch.Age ?? customer.Age;
        customer.Address = patch.Address ?? customer.Address;
        customer.Gender = patch.Gender ?? customer.Gender;
        customer.MaritalStatus = patch.MaritalStatus ?? customer.MaritalStatus;
    }

    private async Task<Result<string?>> NewHash(string? password) =>
        password is null ? (string?)null
            : CommonPasswords.Check(password) is { } common ? common
            : (await passwords.Hash(password)).Map(hash => (string?)hash);

    /// <summary>A token alone is not enough to take an account over: its owner must know the password too. Admins need not.</summary>
    private async Task<Error?> RefuseStranger(Caller caller, Origin origin, string username, string? currentPassword)
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

        var check = await guesses.Run(customer.Username, origin, () => passwords.Check(customer.PasswordHash, currentPassword));
        return check.Error ?? (check.Value.Right ? null : CustomersErrors.CurrentPasswordWrong.With("The current password is another one."));
    }
}
