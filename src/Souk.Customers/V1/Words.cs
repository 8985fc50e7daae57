using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Souk.Platform.Errors;
using Souk.Platform.Hosting;

namespace Souk.Customers.V1;

/// <summary>The first contract's refusal that says what failed and why.</summary>
/// <param name="Message">What failed.</param>
/// <param name="Errors">Why.</param>
internal sealed record Failure(string Message, string Errors);

/// <summary>How the first contract words what happened here.</summary>
internal static class Words
{
    /// <summary>200 with a body; a refusal in the operation's own words, where it has some. They name the customer, which an error alone does not.</summary>
    public static IResult Said<T>(this Result<T> result, Func<T, object> body, params ReadOnlySpan<(ErrorKind Kind, int Status, object Body)> words)
    {
        if (!result.Refused(out var error, out var value))
        {
            return Results.Ok(body(value));
        }

        foreach (var word in words)
        {
            if (word.Kind == error.Kind)
            {
                return Results.Json(word.Body, statusCode: word.Status);
            }
        }

        return new Refusal(error);
    }

    /// <summary>The body of the operation's 500.</summary>
    public static RouteHandlerBuilder Broken(this RouteHandlerBuilder operation, object body) =>
        operation.InV1(error => error.Kind == CommonErrors.Internal ? (StatusCodes.Status500InternalServerError, body) : null).Answers(500, body);

    /// <summary>Why a password was refused.</summary>
    public static string CommonPassword => "The password is one of the commonest; choose another";
}
