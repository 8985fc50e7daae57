namespace Souk.Customers.Privacy;

/// <summary>
/// All that the shop stores about a customer, being collected from its services, or collected and kept for a while. A service that is
/// down is asked again later; nothing that was collected is lost by that, nor by a restart.
/// </summary>
internal sealed class DataExport
{
    /// <summary>The services that store something about customers, in the order in which the export shows them.</summary>
    public static readonly string[] Services = ["customers", "sales", "reviews"];

    /// <summary>How long a collected export is kept.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(7);

    /// <summary>After how long the collecting is given up.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromDays(1);

    /// <summary>How many pages of things an export may have.</summary>
    public const int PagesMost = 20_000;

    public Guid Id { get; init; }

    public Guid CustomerId { get; init; }

    public ExportStatus Status { get; set; }

    public DateTime StartedAt { get; init; }

    /// <summary>When it was collected, or given up.</summary>
    public DateTime? FinishedAt { get; set; }

    /// <summary>When it is worked at next; while somebody does, when another may take over. Null once it is finished.</summary>
    public DateTime? DueAt { get; set; }

    public List<ExportPart> Parts { get; init; } = [];

    /// <summary>When it is removed.</summary>
    public DateTime? ExpiresAt => FinishedAt + Kept;

    public static DataExport Of(Guid id, Guid customer, DateTime now) => new()
    {
        Id = id,
        CustomerId = customer,
        StartedAt = now,
        DueAt = now,
        Parts = [.. Services.Select(s => new ExportPart { ExportId = id, Service = s })],
    };

    /// <summary>Ends it one way or the other.</summary>
    public void Finish(ExportStatus status, DateTime now) => (Status, FinishedAt, DueAt) = (status, now, null);
}

/// <summary>Where an export stands.</summary>
internal enum ExportStatus
{
    /// <summary>Services are being asked.</summary>
    Collecting,

    /// <summary>It can be downloaded.</summary>
    Ready,

    /// <summary>It could not be collected in time. Start another one.</summary>
    Failed,
}

/// <summary>What one service has to tell.</summary>
internal sealed class ExportPart
{
    public Guid ExportId { get; init; }

    public required string Service { get; init; }

    public bool Done { get; set; }

    /// <summary>How many pages it has sent.</summary>
    public int Pages { get; set; }

    /// <summary>What to ask it for next.</summary>
    public string? After { get; set; }

    /// <summary>How often in a row it has failed.</summary>
    public int Failures { get; set; }

    /// <summary>The code of the last failure, until it answers again.</summary>
    public string? Problem { get; set; }
}

/// <summary>Some of what one service told.</summary>
internal sealed class ExportPage
{
    public Guid ExportId { get; init; }

    public required string Service { get; init; }

    /// <summary>Counts within the service.</summary>
    public int Number { get; init; }

    public required string Section { get; init; }

    /// <summary>A JSON array; encrypted where it is stored.</summary>
    public required string Items { get; init; }
}
