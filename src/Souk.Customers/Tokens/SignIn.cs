using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Souk.Customers.Accounts;
using Souk.Platform.Errors;
using Souk.Platform.Hosting;
using Souk.Platform.Persistence;
using Souk.Platform.Requests;
using Souk.Platform.Security;

namespace Souk.Customers.Tokens;

/// <summary>A username and its password.</summary>
internal sealed class Credentials
{
    public static readonly Credentials Example = new() { Username = "johndoe", Password = "SecurePass123" };

    /// <summary>The handle, in any case.</summary>
    [Text(1, 100)]
    public required string Username { get; set; }

    /// <summary>The password.</summary>
    [Text(1, Customer.PasswordMost, Secret = true)]
    public required string Password { get; set; }
}

/// <summary>An access token (RFC 6749).</summary>
/// <param name="AccessToken">What to send in the Authorization header.</param>
/// <param name="TokenType">Bearer.</param>
/// <param name="ExpiresIn">How long it is valid, in seconds.</param>
internal sealed record IssuedToken(string AccessToken, string TokenType, int ExpiresIn)
{
    public static IssuedToken Of(string token) => new(token, "Bearer", (int)TokenNames.Lifetime.TotalSeconds);
}

/// <summary>Trades a username and password for a token. A wrong name and a wrong password answer alike, in words and time.</summary>
internal sealed class SignIn(IDbContextFactory<CustomersDb> contexts, GroupCommit<CustomersDb> writer, Passwords passwords, TokenIssuer issuer)
{
    public static void Map(IEndpointRouteBuilder v2) => v2
        .MapPost("/tokens", async (Body<Credentials> body, SignIn use, HttpContext http) =>
        {
            http.Response.Headers.CacheControl = "no-store";
            return (await use.Run(body.Value.Username, body.Value.Password)).Map(c => IssuedToken.Of(use.Issuer.Issue(c))).Ok();
        })
        .WithTags("tokens").Allow(Access.Anyone)
        .Describe("Sign in", "Answers with a token for 15 minutes. Send it as `Authorization: Bearer …`.")
        .Takes(Credentials.Example)
        .Answers(200, IssuedToken.Of("eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCJ9.…"))
        .Refuses(CustomersErrors.InvalidCredentials);

    /// <summary>Writes the tokens.</summary>
    public TokenIssuer Issuer { get; } = issuer;

    /// <summary>The customer with that name and password.</summary>
    public async Task<Result<Customer>> Run(string username, string password)
    {
        var key = Customer.KeyOf(username);
        await using var db = await contexts.CreateDbContextAsync();
        var customer = await db.Customers.AsNoTracking().SingleOrDefaultAsync(c => c.UsernameKey == key);
        if ((await passwords.Check(customer?.PasswordHash, password)).Refused(out var busy, out var check))
        {
            return busy;
        }

        if (customer is null || !check.Right)
        {
            return CustomersErrors.InvalidCredentials.With("There is no customer with this username and password.");
        }

        if (check.BetterHash is { } better)
        {
            await Upgrade(customer, better);
        }

        return customer;
    }

    /// <summary>Stores a stronger hash of the same password. If that can't be done now, the next login does it.</summary>
    private Task<Result<Done>> Upgrade(Customer customer, string better) => writer.Write<Done>(async db =>
    {
        await db.Customers.Where(c => c.Id == customer.Id && c.PasswordHash == customer.PasswordHash).ExecuteUpdateAsync(s => s.SetProperty(c => c.PasswordHash, better));
        return default(Done);
    });
}
