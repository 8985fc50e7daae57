using Souk.Platform.Requests;

namespace Souk.Customers.Privacy;

/// <summary>Which export.</summary>
internal sealed class ExportPath
{
    /// <summary>The customer's handle.</summary>
    [Text(1, 100)]
    public required string Username { get; set; }

    /// <summary>The export.</summary>
    public required Guid Id { get; set; }
}

/// <summary>An export and how far it has got.</summary>
/// <param name="Id">The export.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="Parts">How far each service has got.</param>
/// <param name="StartedAt">When it was started (UTC).</param>
/// <param name="FinishedAt">When it was collected or given up (UTC), if it was.</param>
/// <param name="ExpiresAt">When it is removed (UTC), once it is finished.</param>
internal sealed record ExportView(Guid Id, ExportStatus Status, IReadOnlyList<ExportPartView> Parts, DateTime StartedAt, DateTime? FinishedAt, DateTime? ExpiresAt)
{
    public static readonly ExportView Example = new(
        Guid.Parse("01993e2a-0000-7000-8000-0000000000e1"),
        ExportStatus.Collecting,
        [new ExportPartView("customers", true, 3, null), new ExportPartView("sales", false, 0, "dependency_unavailable"), new ExportPartView("reviews", true, 2, null)],
        new DateTime(2026, 11, 21, 9, 0, 0, DateTimeKind.Utc),
        null,
        null);

    public static ExportView Of(DataExport e) => new(
        e.Id, e.Status, [.. e.Parts.OrderBy(p => Array.IndexOf(DataExport.Services, p.Service)).Select(p => new ExportPartView(p.Service, p.Done, p.Pages, p.Problem))], e.StartedAt, e.FinishedAt, e.ExpiresAt);
}

/// <summary>How far one service has got.</summary>
/// <param name="Service">Which.</param>
/// <param name="Done">Whether it has told all.</param>
/// <param name="Pages">How many pages of things it has told.</param>
/// <param name="Problem">Why it does not answer at the moment: a code of the list of errors. It is asked again by itself.</param>
internal sealed record ExportPartView(string Service, bool Done, int Pages, string? Problem);
