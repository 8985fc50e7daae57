using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Souk.Platform.Errors;
using Souk.Platform.Hosting;
using Souk.Platform.Persistence;

namespace Souk.Platform.Events;

/// <summary>What a service does with the events of others.</summary>
/// <typeparam name="TDb">The service's model.</typeparam>
public sealed class Subscriptions<TDb>
    where TDb : ServiceDb
{
    private readonly Dictionary<string, Func<TDb, IServiceProvider, JsonElement, Task>> _handlers = [];
    private readonly Dictionary<string, Func<IServiceProvider, JsonElement, Task<Result<Done>>>> _repeatable = [];

    /// <summary>Handles one type of event, in one transaction with the note that it was seen.</summary>
    public Subscriptions<TDb> On<TEvent>(Func<TDb, IServiceProvider, TEvent, Task> handle)
        where TEvent : IEvent
    {
        _handlers.Add(OutboxEvent.TypeOf(typeof(TEvent)), (db, services, payload) => handle(db, services, payload.Deserialize<TEvent>(InternalJson.Options)!));
        return this;
    }

    /// <summary>Handles one type of event by something that does no harm when it is done twice; it brings its own transaction.</summary>
    public Subscriptions<TDb> OnRepeatable<TEvent>(Func<IServiceProvider, TEvent, Task<Result<Done>>> handle)
        where TEvent : IEvent
    {
        _repeatable.Add(OutboxEvent.TypeOf(typeof(TEvent)), (services, payload) => handle(services, payload.Deserialize<TEvent>(InternalJson.Options)!));
        return this;
    }

    internal Task<Result<Done>> Handle(GroupCommit<TDb> writer, IServiceProvider services, EventMessage message) =>
        _repeatable.TryGetValue(message.Type, out var handle) ? handle(services, message.Payload)
        : _handlers.ContainsKey(message.Type) ? writer.Write(db => Handle(db, services, message))
        : Task.FromResult<Result<Done>>(default(Done));

    private async Task<Result<Done>> Handle(TDb db, IServiceProvider services, EventMessage message)
    {
        if (await db.SeenEvents.AnyAsync(e => e.EventId == message.Id))
        {
            return default(Done);
        }

        await _handlers[message.Type](db, services, message.Payload);
        db.Add(new SeenEvent { EventId = message.Id, At = services.GetRequiredService<TimeProvider>().GetUtcNow().UtcDateTime });
        return default(Done);
    }
}

/// <summary>Registers and maps a service's part in events.</summary>
public static class EventHosting
{
    /// <summary>Says who takes this service's events and what it does with those of others.</summary>
    /// <param name="services">The service's parts.</param>
    /// <param name="subscribers">The services that take its events, each with the types that it takes.</param>
    /// <param name="subscriptions">What it does with the events of others.</param>
    /// <param name="readers">Who reads its events inside the service, by <see cref="OutboxFeed{TDb}"/>.</param>
    public static IServiceCollection AddEvents<TDb>(this IServiceCollection services, IReadOnlyDictionary<string, Type[]> subscribers, Subscriptions<TDb> subscriptions, params string[] readers)
        where TDb : ServiceDb
    {
        services.AddSingleton(new Subscribers<TDb>(subscribers, readers));
        services.AddSingleton(provider => new OutboxFeed<TDb>(provider.GetRequiredService<Engine>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(subscriptions);
        services.AddSingleton<OutboxDelivery<TDb>>();
        services.AddHostedService(provider => provider.GetRequiredService<OutboxDelivery<TDb>>());
        services.AddHostedService<Cleaning<TDb>>();
        return services;
    }

    /// <summary>Maps <c>/internal/events</c>.</summary>
    public static void MapEvents<TDb>(this IEndpointRouteBuilder routes)
        where TDb : ServiceDb =>
        routes.MapInternal<List<EventMessage>, Done>("/internal/events", async (messages, http) =>
        {
            var subscriptions = http.RequestServices.GetRequiredService<Subscriptions<TDb>>();
            var writer = http.RequestServices.GetRequiredService<GroupCommit<TDb>>();
            foreach (var message in messages)
            {
                if ((await subscriptions.Handle(writer, http.RequestServices, message)).Error is { } error)
                {
                    return error;
                }
            }

            return default(Done);
        });
}
