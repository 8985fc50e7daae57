using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Souk.Platform.Persistence;
using Souk.Platform.Security;
using Souk.Platform.Traffic;

namespace Souk.Platform.Hosting;

/// <summary>Health: <c>/health</c> as the first contract words it, <c>/health/live</c> and <c>/health/ready</c> for orchestrators.</summary>
public static class Health
{
    /// <summary>Maps the three.</summary>
    /// <param name="routes">Where.</param>
    /// <param name="report">The first contract's answer when all is well.</param>
    /// <param name="example">An example of that answer.</param>
    /// <param name="prepared">Ends when what the first start makes is there; whoever asks whether the service is ready waits for it.</param>
    public static void MapHealth<TDb>(this IEndpointRouteBuilder routes, Func<TDb, CancellationToken, Task<object>> report, object example, Task? prepared = null)
        where TDb : ServiceDb
    {
        routes.MapGet("/health", (HttpContext http, CancellationToken stop) => Ask(async () => Results.Ok(await report(Db<TDb>(http), stop))))
            .WithTags("health").Allow(Access.Anyone).CountsAs(RateClass.Free).Describe("Is the service well?", "Asks the database. Belongs to the first contract.")
            .Answers(200, example).Answers(500, Broken);
        routes.MapGet("/health/ready", (HttpContext http, CancellationToken stop) => Ask(async () =>
            {
                await (prepared ?? Task.CompletedTask).WaitAsync(stop);
                await Db<TDb>(http).SeenEvents.AnyAsync(stop);
                return Results.Ok(new Healthy("ready"));
            }))
            .WithTags("health").Allow(Access.Anyone).CountsAs(RateClass.Free).Describe("Can it serve?", "For load balancers: 200 when the database answers, and what the first start makes is there.")
            .Answers(200, new Healthy("ready")).Answers(500, Broken);
        routes.MapGet("/health/live", () => Results.Ok(new Healthy("live")))
            .WithTags("health").Allow(Access.Anyone).CountsAs(RateClass.Free).Describe("Is the process alive?", "For supervisors: 200 as long as it answers at all.")
            .Answers(200, new Healthy("live"));
    }

    private static Unhealthy Broken { get; } = new("ERROR", "disconnected", "The database does not answer");

    private static TDb Db<TDb>(HttpContext http)
        where TDb : notnull => http.RequestServices.GetRequiredService<TDb>();

    private static async Task<IResult> Ask(Func<Task<IResult>> ask)
    {
        try
        {
            return await ask();
        }
        catch (Exception e) when (e is System.Data.Common.DbException or InvalidOperationException)
        {
            return Results.Json(Broken, statusCode: StatusCodes.Status500InternalServerError);
        }
    }
}

/// <summary>A probe's good answer.</summary>
/// <param name="Status">Which probe.</param>
public sealed record Healthy(string Status);

/// <summary>The first contract's answer of a service whose database does not answer.</summary>
/// <param name="Status">ERROR.</param>
/// <param name="DbStatus">disconnected.</param>
/// <param name="Error">What is known, without internals.</param>
public sealed record Unhealthy(string Status, string DbStatus, string Error);
