using System.Text.Json;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Souk.Platform.Errors;
using Souk.Platform.Hosting;
using Souk.Platform.Persistence;

namespace Souk.Platform.Privacy;

/// <summary>One kind of thing that a service stores about a person.</summary>
/// <typeparam name="TDb">The service's model.</typeparam>
/// <param name="Name">Its name, in snake_case.</param>
/// <param name="Read">Some of it: the model, who, and the <c>next</c> of the page before (null at first).</param>
public sealed record PersonalSection<TDb>(string Name, Func<TDb, Guid, string?, Task<Page<object>>> Read)
    where TDb : ServiceDb;

/// <summary>Some of what a service stores about a person, as its API shows it.</summary>
/// <param name="Section">What kind of thing it is.</param>
/// <param name="Items">The things.</param>
/// <param name="Next">What to ask for next; null when this was all.</param>
public sealed record PersonalPage(string Section, IReadOnlyList<JsonElement> Items, string? Next);

/// <summary>All that a service stores about a person, page by page, section after section.</summary>
/// <typeparam name="TDb">The service's model.</typeparam>
/// <param name="sections">The sections.</param>
/// <param name="wire">How the API writes JSON.</param>
public sealed class PersonalData<TDb>(IReadOnlyList<PersonalSection<TDb>> sections, IOptions<JsonOptions> wire)
    where TDb : ServiceDb
{
    /// <summary>How many things a page has at most.</summary>
    public const int AtOnce = 200;

    /// <summary>The page after a place.</summary>
    /// <param name="db">The model.</param>
    /// <param name="person">Who.</param>
    /// <param name="after">The <c>next</c> of the page before, or null for the first.</param>
    public async Task<Result<PersonalPage>> Read(TDb db, Guid person, string? after)
    {
        if (Paging.Read<Place>(after).Refused(out var wrong, out var read))
        {
            return wrong;
        }

        var place = read ?? new Place(0, "");
        var section = sections[Math.Clamp(place.Section, 0, sections.Count - 1)];
        var page = await section.Read(db, person, place.After.Length == 0 ? null : place.After);
        var next = page.Next is not null ? place with { After = page.Next } : place.Section + 1 < sections.Count ? new Place(place.Section + 1, "") : null;
        var json = wire.Value.SerializerOptions;
        return new PersonalPage(section.Name, [.. page.Items.Select(i => JsonSerializer.SerializeToElement(i, i.GetType(), json))], next is null ? null : Paging.Cursor(next));
    }

    private sealed record Place(int Section, string After);
}

/// <summary>Registers and maps a service's answer to what it stores about a person.</summary>
public static class PersonalDataHosting
{
    /// <summary>The path between services.</summary>
    public const string Path = "/internal/personal-data";

    /// <summary>Says what the service stores about a person.</summary>
    public static IServiceCollection AddPersonalData<TDb>(this IServiceCollection services, params PersonalSection<TDb>[] sections)
        where TDb : ServiceDb => services.AddSingleton(provider => new PersonalData<TDb>(sections, provider.GetRequiredService<IOptions<JsonOptions>>()));

    /// <summary>Maps <c>GET /internal/personal-data?person=…&amp;after=…</c>.</summary>
    public static void MapPersonalData<TDb>(this IEndpointRouteBuilder routes)
        where TDb : ServiceDb =>
        routes.MapInternal<PersonalPage>(Path, async http =>
            Guid.TryParse(http.Request.Query["person"], out var person)
                ? await http.RequestServices.GetRequiredService<PersonalData<TDb>>().Read(
                    http.RequestServices.GetRequiredService<TDb>(), person, http.Request.Query["after"] is [{ Length: > 0 } after] ? after : null)
                : CommonErrors.BadRequest.With("person is an identifier."));
}
