using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Souk.Customers.Accounts;
using Souk.Customers.Factors;
using Souk.Customers.Sessions;
using Souk.Platform.Errors;
using Souk.Platform.Hosting;
using Souk.Platform.Logging;
using Souk.Platform.Persistence;
using Souk.Platform.Requests;
using Souk.Platform.Security;

namespace Souk.Customers.Tokens;

/// <summary>A username and its password.</summary>
internal class Credentials
{
    public static readonly Credentials Example = new() { Username = "johndoe", Password = "SecurePass123" };

    /// <summary>The handle, in any case.</summary>
    [Text(1, 100)]
    public required string Username { get; set; }

    /// <summary>The password.</summary>
    [Text(1, Customer.PasswordMost, Secret = true)]
    public required string Password { get; set; }
}

/// <summary>A username, its password, and a second factor where the account has one.</summary>
internal sealed class FullCredentials : Credentials
{
    /// <summary>The six digits of the authenticator app, or a recovery code; needed where the account has a second factor.</summary>
    [Text(1, FactorCode.Longest, Secret = true)]
    public string? Code { get; set; }
}

/// <summary>An access token, and what buys the next one (RFC 6749).</summary>
/// <param name="AccessToken">What to send in the Authorization header.</param>
/// <param name="TokenType">Bearer.</param>
/// <param name="ExpiresIn">How long the access token is valid, in seconds.</param>
/// <param name="RefreshToken">What to send to <c>POST /api/v2/tokens/refresh</c>, once.</param>
internal sealed record IssuedToken([Personal] string AccessToken, string TokenType, int ExpiresIn, [Personal] string RefreshToken)
{
    public static readonly IssuedToken Example = Of("eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCJ9.…", "AZk-KgAAcACAAAAAAAAABwIvT4…");

    public static IssuedToken Of(string access, string refresh) => new(access, "Bearer", (int)TokenNames.Lifetime.TotalSeconds, refresh);
}

/// <summary>Trades a username and password for a session. A wrong name and a wrong password answer alike, in words and time.</summary>
internal sealed class SignIn(
    IDbContextFactory<CustomersDb> contexts, GroupCommit<CustomersDb> writer, Passwords passwords, Guesses guesses, ShowCode codes, OpenSession open, TokenIssuer issuer, TimeProvider time)
{
    public static void Map(IEndpointRouteBuilder v2) => v2
        .MapPost("/tokens", async (Body<FullCredentials> body, Origin origin, SignIn use, HttpContext http) =>
        {
            http.Response.Headers.CacheControl = "no-store";
            var result = await use.Run(body.Value.Username, body.Value.Password, origin, refreshable: true, body.Value.Code);
            return result.Refused(out var error, out var s) ? new Refusal(error) : Results.Ok(IssuedToken.Of(await use.Issuer.Issue(s.Customer, s.Session), s.RefreshToken!));
        })
        .WithTags("tokens").Allow(Access.Anyone)
        .Describe("Sign in", "Opens a session and answers with an access token for 15 minutes; send it as `Authorization: Bearer …`. The refresh token buys the next one, once. An account with a second factor needs a `code` as well, or signs in by passkey.")
        .Takes(new FullCredentials { Username = Credentials.Example.Username, Password = Credentials.Example.Password })
        .Answers(200, IssuedToken.Example)
        .Refuses(
            CustomersErrors.InvalidCredentials, CustomersErrors.TooManyGuesses, CustomersErrors.AccountDisabled,
            FactorErrors.SecondFactorRequired, FactorErrors.SecondFactorWrong, FactorErrors.TooManyCodes);

    /// <summary>Writes the tokens.</summary>
    public TokenIssuer Issuer { get; } = issuer;

    /// <summary>A new session of the customer with that name and password, and with a code where the account has a second factor.</summary>
    public async Task<Result<SignedIn>> Run(string username, string password, Origin origin, bool refreshable, string? code = null)
    {
        var key = Customer.KeyOf(username);
        await using var db = await contexts.CreateDbContextAsync();
        var customer = await db.Customers.AsNoTracking().SingleOrDefaultAsync(c => c.UsernameKey == key);
        if ((await guesses.Run(username, origin, () => passwords.Check(customer?.PasswordHash, password))).Refused(out var notNow, out var check))
        {
            return notNow;
        }

        if (customer is null || !check.Right)
        {
            return CustomersErrors.InvalidCredentials.With(CustomersErrors.NoSuchCredentials);
        }

        if (check.BetterHash is { } better)
        {
            await Upgrade(customer, better);
        }

        if (!customer.SecondFactor || code is null)
        {
            return await open.Run(customer, origin, refreshable);
        }

        return await codes.Run(customer.Id, code) is { } wrong ? wrong : await open.Run(customer, origin, refreshable, time.GetUtcNow().UtcDateTime);
    }

    /// <summary>Stores a stronger hash of the same password. If that can't be done now, the next login does it.</summary>
    private Task<Result<Done>> Upgrade(Customer customer, string better) => writer.Write<Done>(async db =>
    {
        await db.Customers.Where(c => c.Id == customer.Id && c.PasswordHash == customer.PasswordHash).ExecuteUpdateAsync(s => s.SetProperty(c => c.PasswordHash, better));
        return default(Done);
    });
}
