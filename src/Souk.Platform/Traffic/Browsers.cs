using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Net.Http.Headers;
using Souk.Platform.Errors;
using Souk.Platform.Hosting;
using Souk.Platform.Persistence;

namespace Souk.Platform.Traffic;

/// <summary>What browsers are told: what an answer may do (nothing), and which other sites may read it (those that are listed).</summary>
internal static class Browsers
{
    private const string Setting = "Souk:CorsOrigins";

    /// <summary>An answer is data: nothing in it is run, loaded or framed, whatever it is taken for.</summary>
    private const string DataPolicy = "default-src 'none'; frame-ancestors 'none'";

    /// <summary>The API page runs its own files and nothing else. Its scripts style elements, which needs 'unsafe-inline' for styles.</summary>
    private const string PagePolicy = "default-src 'none'; script-src 'self'; connect-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <summary>Marks an answer as data.</summary>
    public static void Protect(HttpResponse response)
    {
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.ContentSecurityPolicy = DataPolicy;
    }

    /// <summary>Marks an answer as a part of the API page.</summary>
    public static void ProtectPage(HttpResponse response) => response.Headers.ContentSecurityPolicy = PagePolicy;

    public static void AddBrowsers(this IServiceCollection services, IConfiguration configuration)
    {
        // Whoever came by https once comes by https for a year.
        services.AddHsts(hsts => hsts.MaxAge = TimeSpan.FromDays(365));
        if (Origins(configuration[Setting]) is { Length: > 0 } origins)
        {
            services.AddCors(cors => cors.AddDefaultPolicy(policy => Allow(policy, origins)));
        }
    }

    /// <summary>After routing: a preflight is answered for any path, and before it is counted or asks for a token.</summary>
    public static void UseBrowsers(this WebApplication app, IConfiguration configuration)
    {
        if (!app.Environment.IsDevelopment())
        {
            app.UseHsts();
        }

        if (Origins(configuration[Setting]).Length > 0)
        {
            app.UseCors();
        }
    }

    private static void Allow(CorsPolicyBuilder policy, string[] origins) => policy
        .WithOrigins(origins)
        .WithMethods("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
        .WithHeaders(HeaderNames.Authorization, HeaderNames.ContentType, HeaderNames.IfMatch, HeaderNames.IfNoneMatch, IdempotencyKey.Header)
        .WithExposedHeaders(HeaderNames.ETag, HeaderNames.Location, HeaderNames.RetryAfter, HeaderNames.WWWAuthenticate, "RateLimit", "RateLimit-Policy", Refusal.TraceHeader)
        .SetPreflightMaxAge(TimeSpan.FromHours(1));

    private static string[] Origins(string? setting)
    {
        string[] origins = (setting ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return Array.Find(origins, o => !IsOrigin(o)) is { } wrong
            ? throw new SettingException($"{Setting} has '{wrong}'; it lists origins such as https://shop.example, with commas between them.")
            : origins;
    }

    private static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && text == uri.GetLeftPart(UriPartial.Authority);
}
