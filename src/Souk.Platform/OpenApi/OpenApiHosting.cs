using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Souk.Platform.Hosting;
using Souk.Platform.Security;

namespace Souk.Platform.OpenApi;

/// <summary>The OpenAPI document at <c>/openapi.json</c> and the API page at <c>/docs</c>.</summary>
internal static class OpenApiHosting
{
    public static void AddSoukOpenApi(this IServiceCollection services, ServiceDefinition service) => services.AddOpenApi();

    public static void MapSoukOpenApi(this WebApplication app, ServiceDefinition service) =>
        app.MapOpenApi("/openapi.json").WithMetadata(Access.Anyone);
}
