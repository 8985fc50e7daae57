using Microsoft.AspNetCore.Http;

namespace Souk.Platform.Hosting;

/// <summary>Which contract a request speaks; it decides how values are read and how refusals look.</summary>
public enum Contract
{
    /// <summary>The frozen first contract, below <c>/api/v1</c>.</summary>
    V1,

    /// <summary>The one to build on: <c>/api/v2</c>, and everything that belongs to no contract.</summary>
    V2,
}

/// <summary>Tells the contract of a request.</summary>
public static class Contracts
{
    /// <summary>By the path alone, so that it is known before (and without) routing.</summary>
    public static Contract Contract(this HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        return http.Request.Path.StartsWithSegments("/api/v1", StringComparison.OrdinalIgnoreCase) ? Hosting.Contract.V1 : Hosting.Contract.V2;
    }
}
