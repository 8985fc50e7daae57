using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using Souk.Platform.Hosting;
using Souk.Platform.Security;
using Souk.Platform.Traffic;
using Swashbuckle.AspNetCore.SwaggerUI;

namespace Souk.Platform.OpenApi;

/// <summary>The OpenAPI document at <c>/openapi.json</c> and the API page at <c>/docs</c>.</summary>
internal static class OpenApiHosting
{
    private const string DocumentPath = "/openapi.json";

    public static void AddSoukOpenApi(this IServiceCollection services, ServiceDefinition service) => services.AddOpenApi(options =>
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        options.AddOperationTransformer<OperationPage>();
        options.AddDocumentTransformer((document, _, _) =>
        {
            Introduce(document, service);
            return Task.CompletedTask;
        });
    });

    public static void MapSoukOpenApi(this WebApplication app, ServiceDefinition service)
    {
        app.MapOpenApi(DocumentPath).WithMetadata(Access.Anyone);

        // Everything of the page comes out of its package; requests for anything else go past it untouched.
        app.UseWhen(http => http.Request.Path.StartsWithSegments("/docs", StringComparison.OrdinalIgnoreCase), docs =>
        {
            docs.Use((http, next) =>
            {
                Browsers.ProtectPage(http.Response);
                return next(http);
            });
            docs.UseSwaggerUI(page => Fill(page, service));
        });
    }

    private static void Fill(SwaggerUIOptions page, ServiceDefinition service)
    {
        page.RoutePrefix = "docs";
        page.DocumentTitle = service.Title;
        page.SwaggerEndpoint(DocumentPath, service.Title);
        page.EnableDeepLinking();
        page.ShowExtensions();
    }

    private static void Introduce(OpenApiDocument document, ServiceDefinition service)
    {
        var version = typeof(OpenApiHosting).Assembly.GetName().Version!;
        document.Info = new OpenApiInfo { Title = service.Title, Description = service.Description, Version = version.ToString(3) };
        document.Servers = [new OpenApiServer { Url = "/" }];
        document.AddComponent<IOpenApiSecurityScheme>(OperationPage.Bearer, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            BearerFormat = "JWT",
            Description = "A token that Customers gives at login.",
        });
    }
}
