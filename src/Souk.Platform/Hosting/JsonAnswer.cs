using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Souk.Platform.Hosting;

/// <summary>An answer of bounded size.</summary>
/// <param name="status">The HTTP status.</param>
/// <param name="value">The body.</param>
/// <param name="location">Where what was made stands from now on, or null.</param>
internal sealed class JsonAnswer<T>(int status, T value, string? location = null) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = status;
        if (location is not null)
        {
            response.Headers.Location = location;
        }

        return response.WriteWhole(value, httpContext.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions);
    }
}

/// <summary>JSON that is written in one piece with its length: cheaper on both sides than the framework's chunks, whose end is a packet of its own.</summary>
internal static class WholeJson
{
    /// <summary>Writes a body of bounded size.</summary>
    public static Task WriteWhole<T>(this HttpResponse response, T value, JsonSerializerOptions options, string contentType = "application/json; charset=utf-8")
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(value, value?.GetType() ?? typeof(T), options);
        response.ContentType = contentType;
        response.ContentLength = body.Length;
        return response.Body.WriteAsync(body, 0, body.Length, response.HttpContext.RequestAborted);
    }
}
