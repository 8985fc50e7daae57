using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Souk.Customers.Roles;
using Souk.Customers.Wallets;
using Souk.Platform.Errors;
using Souk.Platform.Hosting;
using Souk.Platform.Logging;
using Souk.Platform.Persistence;
using Souk.Platform.Requests;
using Souk.Platform.Security;
using Souk.Platform.Values;

namespace Souk.Customers.Accounts;

/// <summary>A customer to be registered.</summary>
internal sealed class NewCustomer
{
    public static readonly NewCustomer Example = new()
    {
        Name = "John Doe", Username = "johndoe", Password = "SecurePass123", Age = 30, Address = "123 Main St", Gender = true, MaritalStatus = MaritalStatus.Single,
    };

    /// <summary>The full name.</summary>
    [Personal, Text(1, Customer.NameMost)]
    public required string Name { get; set; }

    /// <summary>The handle. Its case is kept; no two may differ by case alone.</summary>
    [Text(Customer.UsernameLeast, Customer.UsernameMost, Pattern = Customer.UsernamePattern)]
    public required string Username { get; set; }

    /// <summary>The password. Any but the commonest.</summary>
    [Text(Customer.PasswordLeast, Customer.PasswordMost, Secret = true)]
    public required string Password { get; set; }

    /// <summary>In years.</summary>
    [Between(0, Customer.AgeMost)]
    public required int Age { get; set; }

    /// <summary>Where to send things.</summary>
    [Personal, Text(1, Customer.AddressMost, Multiline = true)]
    public required string Address { get; set; }

    /// <summary>True: male; false: female.</summary>
    public required bool Gender { get; set; }

    /// <summary>Whether married.</summary>
    public required MaritalStatus MaritalStatus { get; set; }
}

/// <summary>Makes an account and its empty wallet. A new account is a customer's; roles are given by admins.</summary>
internal sealed class RegisterCustomer(GroupCommit<CustomersDb> writer, Passwords passwords, IdSource ids, TimeProvider time)
{
    public static void Map(IEndpointRouteBuilder v2) => v2
        .MapPost("/customers", async (Body<NewCustomer> body, IdempotencyKey key, RegisterCustomer use, HttpContext http) =>
            (await use.Run(body.Value, key)).CreatedWithETag(http, c => $"/api/v2/customers/{c.Username}"))
        .WithTags("customers").Allow(Access.Anyone)
        .Describe("Register", "Makes an account and an empty wallet. Sign in with `POST /api/v2/tokens`.")
        .Takes(NewCustomer.Example)
        .Answers(201, CustomerView.Example)
        .Refuses(CustomersErrors.UsernameTaken, CustomersErrors.CommonPassword);

    /// <summary>Whose Idempotency-Keys a registration's are: there is no caller yet. In whatever case, so that deleting the account finds them all.</summary>
    public static string Scope(string username) => $"register:{Customer.KeyOf(username)}";

    public async Task<Result<CustomerView>> Run(NewCustomer wanted, IdempotencyKey? key)
    {
        if (CommonPasswords.Check(wanted.Password) is { } common)
        {
            return common;
        }

        if ((await passwords.Hash(wanted.Password)).Refused(out var busy, out var hash))
        {
            return busy;
        }

        // The password is no part of the fingerprint: nothing about it is kept but its hash.
        var once = Once.For(Scope(wanted.Username), key, wanted.Name, wanted.Username, wanted.Age, wanted.Address, wanted.Gender, wanted.MaritalStatus);
        return await writer.WriteOnce<CustomerView>(once, async db =>
            wanted.Username.Equals(FirstAdmin.Username, StringComparison.OrdinalIgnoreCase)
                ? Taken(wanted.Username)
                : (await Add(db, wanted, Role.Customer, hash)).Map(CustomerView.Of));
    }

    /// <summary>Adds an account and its wallet, inside a write.</summary>
    public async Task<Result<Customer>> Add(CustomersDb db, NewCustomer wanted, string role, string passwordHash)
    {
        var key = Customer.KeyOf(wanted.Username);
        if (await db.Customers.AnyAsync(c => c.UsernameKey == key))
        {
            return Taken(wanted.Username);
        }

        var now = time.GetUtcNow().UtcDateTime;
        var customer = Customer.Of(ids.Next(), wanted, role, passwordHash, now);
        db.Add(customer);
        db.Add(new Wallet { CustomerId = customer.Id, UpdatedAt = now });
        return customer;
    }

    private static Error Taken(string username) => CustomersErrors.UsernameTaken.With($"The username '{username}' belongs to somebody else.");
}
