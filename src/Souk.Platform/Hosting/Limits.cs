namespace Souk.Platform.Hosting;

/// <summary>The bounds of every service, in one place.</summary>
public static class Limits
{
    /// <summary>The largest body that a client may send, in bytes.</summary>
    public const int Body = 64 * 1024;

    /// <summary>The largest body between services, in bytes. A batch fits: a long order takes several of its places.</summary>
    public const int InternalBody = 8 * 1024 * 1024;

    /// <summary>How deep JSON may nest.</summary>
    public const int JsonDepth = 32;

    /// <summary>The most elements on a page.</summary>
    public const int Page = 100;

    /// <summary>How many writes one transaction takes.</summary>
    public const int Batch = 256;

    /// <summary>How many writes wait for the writer before the service says that it is busy.</summary>
    public const int Queue = 4096;

    /// <summary>How many blocks of the audit log one link of its chain takes.</summary>
    public const int SealedBlocks = 1000;

    /// <summary>How many blocks of the audit log one page looks at.</summary>
    public const int ScannedBlocks = 200;

    /// <summary>How many changes an entry of the audit log names.</summary>
    public const int NamedChanges = 20;

    /// <summary>How many lines wait to be logged before further ones are only counted.</summary>
    public const int LogQueue = 8192;

    /// <summary>How many kinds of unexpected errors are told apart.</summary>
    public const int ErrorGroups = 200;

    /// <summary>How many connections a service holds to PostgreSQL for reads and single writes, unless its connection string says otherwise.</summary>
    public const int DatabaseConnections = 20;

    /// <summary>How many statements PostgreSQL keeps prepared for a connection.</summary>
    public const int PreparedStatements = 200;

    /// <summary>How many connections a service holds open.</summary>
    public const int Connections = 10_000;

    /// <summary>How long a client may take to send its headers.</summary>
    public static readonly TimeSpan HeadersTime = TimeSpan.FromSeconds(15);

    /// <summary>The slowest that a body may come, in bytes a second, once <see cref="BodyGrace"/> is over.</summary>
    public const int BodyRate = 1024;

    /// <summary>How long a body may come more slowly than that.</summary>
    public static readonly TimeSpan BodyGrace = TimeSpan.FromSeconds(5);

    /// <summary>How many addresses, and accounts, are told apart by each rate limit.</summary>
    public const int RateBuckets = 16_384;

    /// <summary>How long requests under way have when the service stops.</summary>
    public static readonly TimeSpan ShutdownTime = TimeSpan.FromSeconds(30);

    /// <summary>When a busy service suggests to come back.</summary>
    public static readonly TimeSpan BusyRetryAfter = TimeSpan.FromSeconds(1);
}
