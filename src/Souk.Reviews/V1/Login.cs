using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Souk.Contracts;
using Souk.Platform.Errors;
using Souk.Platform.Hosting;
using Souk.Platform.Requests;
using Souk.Platform.Security;

namespace Souk.Reviews.V1;

/// <summary>A name and a password.</summary>
internal sealed class Credentials
{
    /// <summary>The username.</summary>
    [Text(1, 100)]
    public required string Username { get; set; }

    /// <summary>The password.</summary>
    [Text(1, 256, Secret = true)]
    public required string Password { get; set; }
}

/// <summary>The first contract's login, which stands with the reviews. Customers does it; nothing of it is kept here.</summary>
internal static class Login
{
    public static void Map(IEndpointRouteBuilder v1) => v1
        .MapPost("/auth/login", async (Body<Credentials> body, Origin origin, Peers peers, HttpContext http) =>
        {
            http.Response.Headers.CacheControl = "no-store";
            var login = new LogIn(body.Value.Username, body.Value.Password, origin.Address, origin.Agent);
            var answer = await peers["customers"].Post<LogIn, LoggedIn>("/internal/v1-login", login, http.RequestAborted);
            return answer.Map(token => new Told<LoggedIn>("Successfully logged in", token)).Ok();
        })
        .WithTags("v1").Allow(Access.Anyone)
        .InV1(error => error.Kind.Code == "invalid_credentials" ? (404, Wrong) : null)
        .Describe("Log in", "Answers a bearer token for the operations that need one.")
        .Takes(new Credentials { Username = "johndoe", Password = "password123" })
        .Answers(200, new Told<LoggedIn>("Successfully logged in", new LoggedIn("JWT_TOKEN_HERE")))
        .Answers(401, new Detail(LoginWords.PasswordIsNotEnough))
        .Answers(403, new Detail("This account was disabled; ask the shop."))
        .Answers(404, Wrong)
        .Answers(429, new Detail("Try again in 60 seconds."));

    private static Detail Wrong { get; } = new("Username or password is invalid");
}
