using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Souk.Contracts;
using Souk.Customers.Accounts;
using Souk.Customers.Wallets;
using Souk.Platform.Errors;
using Souk.Platform.Hosting;
using Souk.Platform.Requests;
using Souk.Platform.Security;

namespace Souk.Customers.V1;

/// <summary>Which customer, in the first contract: its <c>customer_id</c> is the username.</summary>
internal sealed class PersonPath
{
    /// <summary>The customer's handle.</summary>
    [Text(1, 100)]
    public required string CustomerId { get; set; }
}

/// <summary>The first contract's operations on accounts: other words for the same use cases.</summary>
internal static class People
{
    public static void Map(IEndpointRouteBuilder v1)
    {
        MapReads(v1);
        v1.MapDelete("/delete/{customer_id}", async (Params<PersonPath> at, Caller caller, DeleteCustomer use) => Deleted(await use.Run(caller, at.Value.CustomerId, staysSignedIn: true), at.Value.CustomerId))
            .WithTags("v1").Allow(Self(Permissions.CustomersWrite))
            .Broken(new Failure("Internal Server Error. Please try deleting again later", "Database timeout"))
            .Describe("Delete a customer", "The account and the wallet, whose rest is paid out.")
            .Answers(200, new Message("Deleted 'johndoe' successfully")).Answers(404, Missing("johndoe"))
            .Answers(400, new Failure("Failed to delete customer with id 'johndoe'", LastAdmin));
        v1.MapPut("/update/{customer_id}", async (Params<PersonPath> at, Body<PersonChange> body, Caller caller, Origin origin, ChangeCustomer use) =>
                body.Value.Role is not null && !caller.Can(Permissions.RolesWrite)
                    ? new Refusal(Access.Forbidden(Permissions.RolesWrite))
                    : Updated(await use.Run(caller, origin, at.Value.CustomerId, body.Value, null, body.Value.Role?.ToString().ToLowerInvariant(), staysSignedIn: true), at.Value.CustomerId, body.Value))
            .WithTags("v1").Allow(Self(Permissions.CustomersWrite))
            .Broken(new Failure("Internal Server Error. Please try updating again later", "Unknown server error"))
            .Describe("Update a customer", "Only the fields that are sent change. `role` needs the permission to give roles. A customer who sets a new password sends the current one along.")
            .Takes(new PersonChange { Address = "456 Park Avenue", Age = 31 })
            .Answers(200, new { message = "Updated 'johndoe' successfully", data = Person.Example }).Answers(202, Unchanged("johndoe"))
            .Answers(404, Missing("johndoe")).Answers(400, new Failure("Failed to update 'johndoe'", Words.CommonPassword)).Refuses(CustomersErrors.TooManyGuesses);
    }

    private const string LastAdmin = "The only admin must stay one";

    private static void MapReads(IEndpointRouteBuilder v1)
    {
        v1.MapGet("/get", async (CustomersDb db, HttpContext http) => Results.Ok(new { data = await All(db, http.RequestAborted) }))
            .WithTags("v1").Allow(Access.Needs(Permissions.CustomersRead)).Broken(new { error = "Unable to retrieve customers from database" })
            .Describe("List all customers", "A list of objects, each with one key: the username.")
            .Answers(200, new { data = new[] { Named(Person.Example) } });
        v1.MapGet("/get/{customer_id}", async (Params<PersonPath> at, Caller caller, CustomersDb db, HttpContext http) =>
                (await One(db, caller, at.Value.CustomerId, http.RequestAborted)).Said(data => data, (ShopErrors.CustomerNotFound, 404, Missing(at.Value.CustomerId))))
            .WithTags("v1").Allow(Self(Permissions.CustomersRead))
            .Broken(new Failure("Internal Server Error. Please try retrieving again later", "Database query failed"))
            .Describe("Read a customer", "With the wallet.")
            .Answers(200, Retrieved(Person.Example, Purse.Example)).Answers(404, Missing("johndoe"));
    }

    private static async Task<List<Dictionary<string, Person>>> All(CustomersDb db, CancellationToken stop)
    {
        var customers = await db.Customers.AsNoTracking().Where(c => c.DeletedAt == null).OrderBy(c => c.UsernameKey).ToListAsync(stop);
        return customers.ConvertAll(c => Named(Person.Of(CustomerView.Of(c))));
    }

    private static Dictionary<string, Person> Named(Person person) => new() { [person.Username] = person };

    private static async Task<Result<object>> One(CustomersDb db, Caller caller, string username, CancellationToken stop)
    {
        var customer = await ReadCustomer.Run(db, caller, username, stop);
        var wallet = await ReadWallet.Run(db, caller, username, stop);
        return customer.Error ?? wallet.Map(w => Retrieved(Person.Of(customer.Value), Purse.Of(w)));
    }

    private static object Retrieved(Person user, Purse wallet) =>
        new { message = $"Retrieved customer '{user.Username}' successfully", data = new { user, wallet } };

    private static IResult Deleted(Result<Done> result, string username) => result.Said(
        _ => new Message($"Deleted '{username}' successfully"),
        (ShopErrors.CustomerNotFound, 404, Missing(username)),
        (CustomersErrors.LastAdmin, 400, new Failure($"Failed to delete customer with id '{username}'", LastAdmin)));

    private static IResult Updated(Result<CustomerView> result, string username, PersonChange change) =>
        result.Error is null && change is { IsEmpty: true, Role: null }
            ? Results.Json(Unchanged(username), statusCode: StatusCodes.Status202Accepted)
            : result.Said(
                customer => new { message = $"Updated '{username}' successfully", data = Person.Of(customer) },
                (ShopErrors.CustomerNotFound, 404, Missing(username)),
                (CustomersErrors.CommonPassword, 400, new Failure($"Failed to update '{username}'", Words.CommonPassword)),
                (CustomersErrors.CurrentPasswordWrong, 400, new Failure($"Failed to update '{username}'", CustomersErrors.CurrentPasswordWrong.Title)),
                (CustomersErrors.LastAdmin, 400, new Failure($"Failed to update '{username}'", LastAdmin)));

    private static Access Self(string permission) => Access.Self("customer_id", permission, ShopErrors.NoCustomer);

    private static Message Missing(string username) => new($"Customer with username '{username}' not found");

    private static Message Unchanged(string username) => new($"Customer update request for '{username}' processed, but no new data available");
}
