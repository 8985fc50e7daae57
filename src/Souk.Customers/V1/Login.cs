using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Souk.Contracts;
using Souk.Customers.Accounts;
using Souk.Customers.Tokens;
using Souk.Platform.Errors;
using Souk.Platform.Hosting;
using Souk.Platform.Persistence;
using Souk.Platform.Requests;
using Souk.Platform.Security;

namespace Souk.Customers.V1;

/// <summary>The first contract's registration and login.</summary>
internal static class Login
{
    public static void Map(IEndpointRouteBuilder v1)
    {
        v1.MapPost("/auth/register", async (Body<NewCustomer> body, IdempotencyKey key, RegisterCustomer use) =>
                Registered(await use.Run(body.Value, key), body.Value.Username))
            .WithTags("v1").Allow(Access.Anyone)
            .Broken(new Failure("Internal Server Error. Please try registering again later", "Database connection error"))
            .Describe("Register", "The first contract's way to make an account and its wallet.")
            .Takes(NewCustomer.Example).Answers(201, Welcome("johndoe"))
            .Answers(400, new Failure("Failed to register johndoe", Words.CommonPassword)).Answers(409, Taken("johndoe"));
        v1.MapPost("/auth/login", async (Body<Credentials> body, Origin origin, SignIn use, HttpContext http) =>
            {
                http.Response.Headers.CacheControl = "no-store";
                var token = await Token(use, body.Value.Username, body.Value.Password, origin);
                return token.Said(t => new { message = "Successfully logged in", data = t }, (CustomersErrors.InvalidCredentials, 404, Invalid));
            })
            .WithTags("v1").Allow(Access.Anyone)
            .Describe("Log in", "The token has the profile in it and is valid for 15 minutes.")
            .Takes(Credentials.Example).Answers(200, new { message = "Successfully logged in", data = new LoggedIn("JWT_TOKEN_HERE") })
            .Answers(401, new Detail(LoginWords.PasswordIsNotEnough)).Answers(404, Invalid).Refuses(CustomersErrors.TooManyGuesses, CustomersErrors.AccountDisabled);
    }

    /// <summary>The same login for Reviews, whose part of the contract has one too.</summary>
    public static void MapInternal(IEndpointRouteBuilder routes) =>
        routes.MapInternal<LogIn, LoggedIn>("/internal/v1-login", (login, http) =>
            Token(http.RequestServices.GetRequiredService<SignIn>(), login.Username, login.Password, new Origin(login.Address, login.Agent)));

    private static Detail Invalid { get; } = new("Username or password is invalid");

    private static async Task<Result<LoggedIn>> Token(SignIn use, string username, string password, Origin origin) =>
        (await use.Run(username, password, origin, refreshable: false)).Refused(out var error, out var s) ? error : new LoggedIn(await use.Issuer.IssueWithProfile(s.Customer, s.Session));

    private static IResult Registered(Result<CustomerView> result, string username) =>
        result.Error is null
            ? Results.Json(Welcome(username), statusCode: StatusCodes.Status201Created)
            : result.Said(
                Welcome,
                (CustomersErrors.UsernameTaken, 409, Taken(username)),
                (CustomersErrors.CommonPassword, 400, new Failure($"Failed to register {username}", Words.CommonPassword)));

    private static object Welcome(CustomerView customer) => Welcome(customer.Username);

    private static object Welcome(string username) => new { message = $"Registered '{username}' successfully", data = new { username } };

    private static Failure Taken(string username) => new($"Customer with username '{username}' already exists", "Username already taken");
}
