using System.CommandLine;
using Microsoft.Extensions.Configuration;
using Npgsql;
using Souk.Testing;

namespace Souk.Tests;

/// <summary><c>souk database create</c>: a shop runs on what it makes, and each service can do there what it needs and no more.</summary>
public sealed class DatabaseCommandTests
{
    private static int _prefixes;

    private readonly string _prefix = $"made{Interlocked.Increment(ref _prefixes)}";

    [Fact]
    public async Task A_shop_runs_on_what_it_made()
    {
        var settings = Settings(await Create());
        var data = Directory.CreateTempSubdirectory("souk-made-");
        settings["Souk:Data"] = data.FullName;
        foreach (var (service, port) in Shop.Services.Zip(FreePort.Some(Shop.Services.Count)))
        {
            settings[$"Services:{service.Name}:Url"] = $"http://127.0.0.1:{port}";
        }

        await using (await Shop.Start(Shop.Services, new ConfigurationBuilder().AddInMemoryCollection(settings).Build()))
        {
        }

        (await Scalar(settings["ConnectionStrings:Inventory"]!, "SELECT count(*) FROM products")).ShouldBe(320L);
        data.Delete(recursive: true);
    }

    [Theory]
    [InlineData("CREATE DATABASE another")]
    [InlineData("CREATE ROLE another")]
    [InlineData("DROP DATABASE {0}_sales")]
    [InlineData("ALTER DATABASE {0}_sales SET synchronous_commit = off")]
    [InlineData("CREATE SCHEMA another")]
    [InlineData("CREATE TEMPORARY TABLE another (id int)")]
    [InlineData("COPY (SELECT 1) TO PROGRAM 'true'")]
    [InlineData("SET ROLE {0}_inventory")]
    public async Task A_service_may_not(string sql)
    {
        var sales = Settings(await Create())["ConnectionStrings:Sales"]!;

        var refused = await Should.ThrowAsync<PostgresException>(() => Scalar(sales, string.Format(null, sql, _prefix)));

        refused.SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
    }

    [Fact]
    public async Task A_service_does_not_come_into_anothers_database_nor_in_with_a_wrong_password()
    {
        var sales = Settings(await Create())["ConnectionStrings:Sales"]!;

        (await Refused(new NpgsqlConnectionStringBuilder(sales) { Database = $"{_prefix}_inventory" })).ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
        (await Refused(new NpgsqlConnectionStringBuilder(sales) { Password = "guessed" })).ShouldBe(PostgresErrorCodes.InvalidPassword);
    }

    [Fact]
    public async Task It_may_run_again_and_changes_passwords_only_when_told_to()
    {
        var first = Settings(await Create())["ConnectionStrings:Sales"]!;
        await Scalar(first, "CREATE TABLE kept (id int)");

        (await Create()).ShouldContain("(as it was)");
        (await Scalar(first, "SELECT count(*) FROM kept")).ShouldBe(0L);

        var told = Settings(await Create("--password", "a-password-for-all"))["ConnectionStrings:Sales"]!;
        (await Scalar(told, "SELECT count(*) FROM kept")).ShouldBe(0L);
        (await Refused(new NpgsqlConnectionStringBuilder(first))).ShouldBe(PostgresErrorCodes.InvalidPassword);
    }

    [Theory]
    [InlineData("--prefix", "Robert'); DROP")]
    [InlineData("--password", "short")]
    [InlineData("--password", "with ' apostrophe")]
    [InlineData("--admin", "nonsense")]
    [InlineData("--admin", "Host=/nowhere")]
    public async Task It_refuses_what_can_not_be(string option, string value) => (await Run(await Admin(option, value))).Code.ShouldBe(1);

    private async Task<string> Create(params string[] more)
    {
        var (code, output) = await Run([.. await Admin("--prefix", _prefix), .. more]);
        code.ShouldBe(0, output);
        return output;
    }

    private static async Task<string[]> Admin(string option, string value) =>
        option == "--admin" ? [option, value] : ["--admin", (await PostgresCluster.Private()).ConnectionString(), option, value];

    private static async Task<(int Code, string Output)> Run(string[] arguments)
    {
        await using var output = new StringWriter();
        var code = await DatabaseCommand.Build().Parse(["create", .. arguments]).InvokeAsync(new InvocationConfiguration { Output = output, Error = output });
        return (code, output.ToString());
    }

    private static Dictionary<string, string?> Settings(string output) =>
        output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('=', 2)).ToDictionary(s => s[0].Replace("__", ":", StringComparison.Ordinal), string? (s) => s[1].Trim('\''));

    private static async Task<object?> Scalar(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync();
#pragma warning disable CA2100 // The statements stand above.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        return await command.ExecuteScalarAsync();
    }

    private static async Task<string> Refused(NpgsqlConnectionStringBuilder there) =>
        (await Should.ThrowAsync<PostgresException>(() => Scalar(there.ConnectionString, "SELECT 1"))).SqlState;
}
