using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Souk.Platform.Errors;
using Souk.Platform.Hosting;
using Souk.Platform.Persistence;
using Souk.Platform.Privacy;

namespace Souk.Customers.Privacy;

/// <summary>
/// Collects an export page by page. Each page is stored in one step with the place to go on from, so that whoever goes on, after a
/// failure or a restart, neither misses a page nor stores one twice.
/// </summary>
internal sealed class CollectExport(IDbContextFactory<CustomersDb> contexts, GroupCommit<CustomersDb> writer, PersonalData<CustomersDb> own, Peers peers, TimeProvider time)
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);

    /// <summary>For how long an export is one instance's, counted from its last page.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(2);

    private DateTime Now => time.GetUtcNow().UtcDateTime;

    /// <summary>Works at an export that is due, until it is finished or has to wait for a service.</summary>
    public async Task Run(Guid id, DateTime due)
    {
        if (!await Take(id, due))
        {
            return;
        }

        foreach (var service in DataExport.Services)
        {
            while (await Step(id, service))
            {
            }
        }

        await End(id);
    }

    /// <summary>Instances that find the same export due at the same moment: one of them gets it.</summary>
    private async Task<bool> Take(Guid id, DateTime due) => (await writer.Write<int>(async db =>
        await db.Exports.Where(e => e.Id == id && e.DueAt == due).ExecuteUpdateAsync(s => s.SetProperty(e => e.DueAt, Now + Lease)))) is { Error: null, Value: 1 };

    /// <summary>Asks a service for its next page; false when there is nothing more to ask it now.</summary>
    private async Task<bool> Step(Guid id, string service)
    {
        await using var db = await contexts.CreateDbContextAsync();
        var export = await db.Exports.AsNoTracking().Include(e => e.Parts).SingleOrDefaultAsync(e => e.Id == id);
        if (export?.Parts.Single(p => p.Service == service) is not { Done: false } part)
        {
            return false;
        }

        var told = await Ask(db, export.CustomerId, part);
        return (await writer.Write<bool>(async inWrite => await Note(inWrite, id, part, told))) is { Error: null, Value: true };
    }

    private Task<Result<PersonalPage>> Ask(CustomersDb db, Guid customer, ExportPart part) => part.Service == "customers"
        ? own.Read(db, customer, part.After)
        : peers[part.Service].Get<PersonalPage>($"{PersonalDataHosting.Path}?person={customer}&after={part.After}");

    private async Task<bool> Note(CustomersDb db, Guid id, ExportPart asked, Result<PersonalPage> told)
    {
        var export = await db.Exports.Include(e => e.Parts).SingleOrDefaultAsync(e => e.Id == id);
        if (export?.Parts.Single(p => p.Service == asked.Service) is not { Done: false } part || part.Pages != asked.Pages)
        {
            return false;
        }

        if (told.Refused(out var error, out var page) || part.Pages == DataExport.PagesMost)
        {
            (part.Failures, part.Problem) = (part.Failures + 1, error?.Kind.Code ?? "too_much");
            return false;
        }

        db.Add(new ExportPage { ExportId = id, Service = part.Service, Number = part.Pages, Section = page.Section, Items = JsonSerializer.Serialize(page.Items) });
        (part.Pages, part.After, part.Done, part.Failures, part.Problem) = (part.Pages + 1, page.Next, page.Next is null, 0, null);
        export.DueAt = Now + Lease;
        return !part.Done;
    }

    /// <summary>Ready, given up, or due again after a pause that doubles with each failure.</summary>
    private Task<Result<Done>> End(Guid id) => writer.Write<Done>(async db =>
    {
        var export = await db.Exports.Include(e => e.Parts).SingleOrDefaultAsync(e => e.Id == id && e.Status == ExportStatus.Collecting);
        if (export?.Parts.TrueForAll(p => p.Done) == true)
        {
            export.Finish(ExportStatus.Ready, Now);
        }
        else if (export?.StartedAt + DataExport.Patience < Now)
        {
            export!.Finish(ExportStatus.Failed, Now);
            await db.ExportPages.Where(p => p.ExportId == id).ExecuteDeleteAsync();
        }
        else if (export is not null)
        {
            var pause = TimeSpan.FromSeconds(Math.Pow(2, Math.Min(export.Parts.Max(p => p.Failures), 10)));
            export.DueAt = Now + (pause < LongestPause ? pause : LongestPause);
        }

        return default(Done);
    });
}
