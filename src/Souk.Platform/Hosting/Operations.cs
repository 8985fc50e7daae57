using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Souk.Platform.Errors;
using Souk.Platform.OpenApi;
using Souk.Platform.Security;
using Souk.Platform.Traffic;

namespace Souk.Platform.Hosting;

/// <summary>What an operation declares about itself: who may call it, and what its page in the OpenAPI document shows.</summary>
public static class Operations
{
    /// <summary>Who may call it. Required.</summary>
    public static RouteHandlerBuilder Allow(this RouteHandlerBuilder operation, Access access) => operation.WithMetadata(access);

    /// <summary>What its requests count as, where that does not follow from its method and access.</summary>
    public static RouteHandlerBuilder CountsAs(this RouteHandlerBuilder operation, RateClass kind) => operation.WithMetadata(kind);

    /// <summary>Limits a dear operation by itself, unless a setting says otherwise: as in <c>10/3600</c>, ten at once, which come back over an hour.</summary>
    public static RouteHandlerBuilder Limit(this RouteHandlerBuilder operation, string requests) => operation.WithMetadata(new RouteLimit(requests));

    /// <summary>Its name in one line, and what a caller should know.</summary>
    public static RouteHandlerBuilder Describe(this RouteHandlerBuilder operation, string summary, string description) =>
        operation.WithSummary(summary).WithDescription(description);

    /// <summary>An example of its body.</summary>
    public static RouteHandlerBuilder Takes(this RouteHandlerBuilder operation, object example) => operation.WithMetadata(new BodyExample(example));

    /// <summary>An answer that it gives, by example; the example's type is the schema.</summary>
    public static RouteHandlerBuilder Answers(this RouteHandlerBuilder operation, int status, object? example = null) =>
        operation.WithMetadata(new AnswerExample(status, example));

    /// <summary>The refusals that are its own; those that any operation can meet are added by what it declares.</summary>
    public static RouteHandlerBuilder Refuses(this RouteHandlerBuilder operation, params ErrorKind[] kinds) => operation.WithMetadata(new RefusalKinds(kinds));

    /// <summary>How the first contract words some refusals of this operation.</summary>
    public static RouteHandlerBuilder InV1(this RouteHandlerBuilder operation, Func<Error, (int Status, object Body)?> write) => operation.WithMetadata(new V1Manner(write));

    /// <summary>200 with the value, or the refusal.</summary>
    public static IResult Ok<T>(this Result<T> result) => result.Refused(out var error, out var value) ? new Refusal(error) : new JsonAnswer<T>(StatusCodes.Status200OK, value);

    /// <summary>201 with the value and where it stands from now on, or the refusal.</summary>
    public static IResult Created<T>(this Result<T> result, Func<T, string> location)
    {
        ArgumentNullException.ThrowIfNull(location);
        return result.Refused(out var error, out var value) ? new Refusal(error) : new JsonAnswer<T>(StatusCodes.Status201Created, value, location(value));
    }

    /// <summary>202 with the value and where it can be followed, or the refusal.</summary>
    public static IResult Accepted<T>(this Result<T> result, Func<T, string> location)
    {
        ArgumentNullException.ThrowIfNull(location);
        return result.Refused(out var error, out var value) ? new Refusal(error) : new JsonAnswer<T>(StatusCodes.Status202Accepted, value, location(value));
    }

    /// <summary>204, or the refusal.</summary>
    public static IResult NoContent<T>(this Result<T> result) => result.Error is { } error ? new Refusal(error) : Results.NoContent();
}
