using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Souk.Platform.Errors;
using Souk.Platform.Hosting;

namespace Souk.Platform.Requests;

/// <summary>A part of a request that was read before its handler runs; a part with an error never reaches the handler.</summary>
public interface IBound
{
    /// <summary>Why the part can't be used, or null.</summary>
    Error? Error { get; }
}

/// <summary>Refuses requests whose parts could not be read, in the manner of the contract that was called.</summary>
internal sealed class RefuseUnreadable : IEndpointFilter
{
    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var errors = context.Arguments.Any(a => a is IBound { Error: not null }) ? context.Arguments.OfType<IBound>().Select(b => b.Error).OfType<Error>().ToArray() : [];
        if (errors.Length == 0)
        {
            return next(context);
        }

        var fields = errors.SelectMany(e => e.Fields).ToArray();
        return ValueTask.FromResult<object?>(new Refusal(fields.Length == 0 ? errors[0] : errors[0] with { Fields = fields }));
    }
}

/// <summary>What the readers of a request's parts share.</summary>
internal static class Binding
{
    public static Reading Reading(HttpContext http, bool lax) => new(
        lax || http.Contract() == Hosting.Contract.V1 ? Strictness.Lax : Strictness.Strict,
        http.RequestServices.GetRequiredService<SoukSettings>().Currency);

    public static Error Invalid(IReadOnlyList<FieldError> fields) =>
        CommonErrors.ValidationFailed.With(fields.Count == 1 ? $"{Name(fields[0])}: {fields[0].Message}" : $"{fields.Count} fields are wrong") with { Fields = fields };

    /// <summary>How a person names a field: <c>lines[0].quantity</c>.</summary>
    public static string Name(FieldError error) =>
        error.Location.Count == 1
            ? $"{error.Location[0]}"
            : string.Concat(error.Location.Skip(1).Select((part, i) => part is int index ? $"[{index}]" : i == 0 ? $"{part}" : $".{part}"));

    public static JsonElement Text(string? value) => JsonSerializer.SerializeToElement(value);
}
