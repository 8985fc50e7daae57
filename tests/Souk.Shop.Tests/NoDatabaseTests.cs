using Microsoft.AspNetCore.Http;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Souk.Platform.Hosting;
using Souk.Platform.Persistence;
using Souk.Testing;

namespace Souk.Tests;

/// <summary>A database that goes away in the middle of a request, wherever that is, is no bug of ours: come back later.</summary>
public sealed class NoDatabaseTests(TestShop shop)
{
    private static Exception Gone => TestStorage.OnPostgres ? new NpgsqlException("Broken pipe") : new SqliteException("disk I/O error", 10);

    [Theory]
    [InlineData("GET", "storage_unavailable")]
    [InlineData("POST", "outcome_unknown")]
    public async Task It_is_answered_503(string method, string code)
    {
        var (status, retryAfter, body) = await Answer(method, new InvalidOperationException("An exception has been raised that is likely due to a transient failure.", Gone));

        (status, retryAfter).ShouldBe((503, "1"));
        body.ShouldContain(code);
    }

    [Fact]
    public async Task A_bug_stays_a_bug() => (await Answer("GET", new InvalidOperationException("A bug."))).Status.ShouldBe(500);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Security25_the_log_is_not_told_the_path_which_may_name_a_person(bool noDatabase)
    {
        var log = new Lines();
        var http = new DefaultHttpContext { RequestServices = shop.Parts("inventory"), Response = { Body = Stream.Null } };
        (http.Request.Method, http.Request.Path) = ("GET", "/api/v2/customers/jo-doe");

        await new Failures(_ => throw (noDatabase ? Gone : new InvalidOperationException("A bug.")), shop.Parts("inventory").GetRequiredService<Engine>(), log).InvokeAsync(http);

        log.Said.ShouldHaveSingleItem().ShouldNotContain("jo-doe");
    }

    private async Task<(int Status, string RetryAfter, string Body)> Answer(string method, Exception failure)
    {
        var parts = shop.Parts("inventory");
        using var body = new MemoryStream();
        var http = new DefaultHttpContext { RequestServices = parts };
        (http.Request.Method, http.Request.Path, http.Response.Body) = (method, "/api/v2/products", body);
        await new Failures(_ => throw failure, parts.GetRequiredService<Engine>(), NullLogger<Failures>.Instance).InvokeAsync(http);
        return (http.Response.StatusCode, http.Response.Headers.RetryAfter.ToString(), System.Text.Encoding.UTF8.GetString(body.ToArray()));
    }

    private sealed class Lines : ILogger<Failures>
    {
        public List<string> Said { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Said.Add(formatter(state, exception));
    }
}
