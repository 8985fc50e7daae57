using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Souk.Platform.Audit;
using Souk.Platform.Encryption;
using Souk.Platform.Errors;
using Souk.Platform.Logging;
using Souk.Platform.OpenApi;
using Souk.Platform.Requests;
using Souk.Platform.Security;
using Souk.Platform.Traffic;
using Souk.Platform.Values;

namespace Souk.Platform.Hosting;

/// <summary>What a service is made of.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Title">Its name for people.</param>
/// <param name="Description">What it is for, for the API page.</param>
/// <param name="Add">Registers its parts.</param>
/// <param name="Map">Maps its operations.</param>
public sealed record ServiceDefinition(
    string Name, string Title, string Description, Action<IServiceCollection, IConfiguration> Add, Action<IEndpointRouteBuilder> Map);

/// <summary>Builds a service as a web application of its own: own container, own port.</summary>
public static class ServiceHost
{
    /// <summary>Builds it; the caller starts and stops it.</summary>
    /// <param name="service">What it is made of.</param>
    /// <param name="configuration">The settings.</param>
    /// <param name="replace">Replaces registered parts (a clock, say); for simulations and tests.</param>
    /// <exception cref="SettingException">A setting can't be used.</exception>
    public static WebApplication Build(ServiceDefinition service, IConfiguration configuration, Action<IServiceCollection>? replace = null)
    {
        ArgumentNullException.ThrowIfNull(service);
        SpeakOneCulture();
        var settings = SoukSettings.Read(configuration);
        settings.RequireDatabase(service.Name);
        var tls = ServiceTls.Read(configuration, settings.Services[service.Name], TimeProvider.System.GetUtcNow());
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ApplicationName = service.Name });
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddConfiguration(configuration);
        builder.WebHost.UseKestrelHttpsConfiguration();

        // A request goes on in the pool's thread that read its bytes, and its answer is sent by the one that made it: a connection has one request at a time, so handing it over brings nothing and costs a wake-up.
        builder.WebHost.UseSockets(sockets => sockets.UnsafePreferInlineScheduling = true);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.ConfigureHttpsDefaults(tls.Serve);
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = Limits.Body;
            kestrel.Limits.MaxConcurrentConnections = Limits.Connections;
            kestrel.Limits.RequestHeadersTimeout = Limits.HeadersTime;
            kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(Limits.BodyRate, Limits.BodyGrace);
        });
        builder.Logging.AddSoukLogging(configuration, new ServiceName(service.Name));
        builder.Services.AddSingleton(new AuditRetention(SoukSettings.Number(configuration, "Audit:KeepDays", 400, 1, 36_500)));
        AddPlatform(builder.Services, service, settings, tls);
        builder.Services.AddSingleton(StepUpRules.Read(configuration, settings));
        builder.Services.AddSingleton<StepUp>();
        builder.Services.AddSingleton(RateRules.Read(configuration));
        builder.Services.AddBrowsers(configuration);
        builder.Services.AddSingleton(new EncryptingSqlite(configuration));
        service.Add(builder.Services, configuration);
        replace?.Invoke(builder.Services);
        var app = builder.Build();
        app.Urls.Add(settings.Services[service.Name].ToString());
        Use(app, service, configuration);
        return app;
    }

    /// <summary>
    /// What goes over the wire must not depend on the machine's language. Unicode data must be there all the same: without it
    /// .NET leaves texts unnormalised and says nothing.
    /// </summary>
    private static void SpeakOneCulture()
    {
        CultureInfo.CurrentCulture = CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
        if ("e\u0301".Normalize(NormalizationForm.FormC) != "\u00e9")
        {
            throw new SettingException(".NET runs without Unicode data here; install ICU (Debian: libicu72) and unset DOTNET_SYSTEM_GLOBALIZATION_INVARIANT.");
        }
    }

    private static void AddPlatform(IServiceCollection services, ServiceDefinition service, SoukSettings settings, ServiceTls tls)
    {
        services.AddSingleton(settings);
        services.AddSingleton(new ServiceName(service.Name));
        services.TryAddSingleton<TimeProvider, MicrosecondClock>();
        services.AddSingleton<IdSource>();
        services.AddSingleton<AnswerCache>();
        services.AddSingleton(tls);
        services.AddSingleton<RateLimits>();
        services.AddSingleton<RouteLimits>();
        services.AddSingleton<ServiceTokens>();
        services.AddSingleton<SigningKeys>();
        services.AddSingleton<UserTokens>();
        services.AddSingleton<EndedSessions>();
        services.AddSingleton<StillSignedIn>(p => p.GetRequiredService<EndedSessions>().StillSignedIn);
        if (service.Name != "customers")
        {
            services.AddHostedService(p => p.GetRequiredService<EndedSessions>());
        }

        services.AddSingleton(_ => new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5), ConnectTimeout = TimeSpan.FromSeconds(2), AllowAutoRedirect = false, SslOptions = tls.Ask() });
        services.AddSingleton(p => Peers.OverHttp(settings, p.GetRequiredService<SocketsHttpHandler>(), p.GetRequiredService<ServiceTokens>(), p.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IHostLifetime, NoLifetime>();
        services.AddRouting();
        services.AddSoukOpenApi(service);
        services.Configure<HostOptions>(h => h.ShutdownTimeout = Limits.ShutdownTime);
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
            json.SerializerOptions.Encoder = WireJson.Plain.Encoder;
            json.SerializerOptions.Converters.Add(new MoneyJson(settings.Currency));
            json.SerializerOptions.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower));
            json.SerializerOptions.MaxDepth = Limits.JsonDepth;
        });
    }

    private static void Use(WebApplication app, ServiceDefinition service, IConfiguration configuration)
    {
        app.UseProxies(configuration);
        app.UseMiddleware<RequestRecord>();
        app.UseMiddleware<Failures>();
        app.UseRouting();
        if (app.Services.GetRequiredService<ServiceTls>() is { Mutual: true })
        {
            app.Use(next => http => ServiceTls.RequireCertificate(http, next));
        }

        app.UseBrowsers(configuration);
        app.UseMiddleware<Doorkeeper>();
        app.UseMiddleware<AddressGate>();
        app.UseMiddleware<RememberedAnswers>();
        app.UseMiddleware<AccessGate>();
        app.UseMiddleware<AccountGate>();
        var root = app.MapGroup("");
        root.AddEndpointFilter(new RefuseUnreadable());
        service.Map(root);
        app.MapSoukOpenApi(service);
        RequireAccess(app);
        app.Services.GetRequiredService<RouteLimits>().Check(((IEndpointRouteBuilder)app).DataSources.SelectMany(s => s.Endpoints));
    }

    /// <summary>An endpoint that says nothing about who may call it is a bug that must not start.</summary>
    private static void RequireAccess(IEndpointRouteBuilder app)
    {
        if (app.DataSources.SelectMany(s => s.Endpoints).FirstOrDefault(e => e.Metadata.GetMetadata<Access>() is null) is { } open)
        {
            throw new InvalidOperationException($"{open.DisplayName} declares no access.");
        }
    }

    /// <summary>The process may hold several services; whoever built them starts and stops them, in an order that lets requests end.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
