using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Souk.Contracts;
using Souk.Customers.Accounts;
using Souk.Customers.Factors;
using Souk.Customers.Payments;
using Souk.Customers.Sessions;
using Souk.Customers.Wallets;
using Souk.Platform.Errors;
using Souk.Platform.Hosting;
using Souk.Platform.Requests;
using Souk.Platform.Security;

namespace Souk.Customers.Privacy;

/// <summary>Downloads an export: one JSON object, a member for each service, in it a list for each kind of thing.</summary>
internal static class DownloadExport
{
    private static readonly object[] Some = [];

    private static readonly object Example = new
    {
        customers = new
        {
            account = new[] { CustomerView.Example },
            wallet = new[] { WalletView.Example },
            wallet_entries = new[] { EntryView.Example },
            payments = new[] { PaymentView.Example },
            second_factor = new[] { FactorsView.Example },
            sessions = new[] { SessionView.Example with { Current = false } },
        },
        sales = new { orders = Some, cart = Some },
        reviews = new { reviews = Some, reports = Some },
    };

    public static void Map(IEndpointRouteBuilder v2) => v2
        .MapGet("/customers/{username}/exports/{id}/data", async (Params<ExportPath> at, Caller caller, CustomersDb db, HttpContext http) =>
            (await Find(db, caller, at.Value, http.RequestAborted)).Refused(out var refused, out var export) ? new Refusal(refused) : Send(db, export, http))
        .WithTags("privacy").Allow(Access.Self("username", Permissions.CustomersWrite, ShopErrors.NoCustomer))
        .Describe("Download an export", "For the customer alone, also where somebody else started it. Things are shown as the API shows them.")
        .Answers(200, Example)
        .Refuses(ShopErrors.CustomerNotFound, CustomersErrors.ExportNotFound, CustomersErrors.ExportNotReady);

    private static async Task<Result<DataExport>> Find(CustomersDb db, Caller caller, ExportPath at, CancellationToken stop)
    {
        if ((await ReadExport.Find(db, caller, at, stop)).Refused(out var missing, out var export))
        {
            return missing;
        }

        return export.CustomerId != caller.Id ? CustomersErrors.ExportNotFound.With("Only the customer can download this export.")
            : export.Status != ExportStatus.Ready ? CustomersErrors.ExportNotReady.With($"The export {at.Id} is not ready; read it for how far it has got.")
            : export;
    }

    private static IResult Send(CustomersDb db, DataExport export, HttpContext http)
    {
        http.Response.Headers.ContentDisposition = "attachment; filename=\"my-data.json\"";
        return Results.Stream(body => Write(db, export, body, http.RequestAborted), "application/json");
    }

    /// <summary>A page at a time, however long the whole is.</summary>
    private static async Task Write(CustomersDb db, DataExport export, Stream body, CancellationToken stop)
    {
        await using var json = new Utf8JsonWriter(body);
        json.WriteStartObject();
        foreach (var part in export.Parts.OrderBy(p => Array.IndexOf(DataExport.Services, p.Service)))
        {
            json.WriteStartObject(part.Service);
            string? section = null;
            for (var number = 0; number < part.Pages; number++)
            {
                var page = await db.ExportPages.AsNoTracking().SingleAsync(p => p.ExportId == export.Id && p.Service == part.Service && p.Number == number, stop);
                section = Begin(json, section, page.Section);
                WriteItems(json, page.Items);
                await json.FlushAsync(stop);
            }

            Begin(json, section, null);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    /// <summary>Ends the list that is open and begins the next, unless it is the same.</summary>
    private static string? Begin(Utf8JsonWriter json, string? open, string? next)
    {
        if (open is not null && open != next)
        {
            json.WriteEndArray();
        }

        if (next is not null && open != next)
        {
            json.WriteStartArray(next);
        }

        return next;
    }

    private static void WriteItems(Utf8JsonWriter json, string items)
    {
        using var list = JsonDocument.Parse(items);
        foreach (var item in list.RootElement.EnumerateArray())
        {
            item.WriteTo(json);
        }
    }
}
