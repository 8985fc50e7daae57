using System.CommandLine;
using System.Security.Cryptography;
using Npgsql;
using Souk.Platform.Hosting;

namespace Souk;

/// <summary><c>souk database create</c>: makes on a PostgreSQL server what each service needs. It may run again.</summary>
internal static class DatabaseCommand
{
    private const int PasswordLeast = 12;
    private const int RandomBytes = 24;

    public static Command Build()
    {
        var admin = new Option<string>("--admin") { Description = "Connection string of an administrator, such as 'Host=localhost;Username=postgres'.", Required = true };
        var prefix = new Option<string>("--prefix") { Description = "What the names of roles and databases begin with.", DefaultValueFactory = _ => "souk" };
        var password = new Option<string?>("--password") { Description = "The password of all roles. Without it each new role gets a random one, and those that are there keep theirs." };
        prefix.Validators.Add(result => Check(result.GetValueOrDefault<string>() is { Length: <= 40 } p && p.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_') && char.IsAsciiLetterLower(p[0]), result, "--prefix is up to 40 lower-case letters, digits and underscores, a letter first."));
        password.Validators.Add(result => Check(result.GetValueOrDefault<string?>() is { Length: >= PasswordLeast } p && p.All(c => c is > ' ' and <= '~' and not '\''), result, $"--password is at least {PasswordLeast} visible ASCII characters, the apostrophe not among them."));
        var create = new Command("create", "Makes for each service a role, a database and the privileges that it needs, and prints the settings to use them.") { admin, prefix, password };
        create.SetAction((parsed, stop) => Commands.Guarded(() => Create(parsed.GetRequiredValue(admin), parsed.GetRequiredValue(prefix), parsed.GetValue(password), parsed.InvocationConfiguration.Output, stop)));
        return new Command("database", "Prepares a PostgreSQL server.") { create };
    }

    private static void Check(bool right, System.CommandLine.Parsing.OptionResult result, string otherwise)
    {
        if (!right)
        {
            result.AddError(otherwise);
        }
    }

    private static async Task Create(string admin, string prefix, string? password, TextWriter output, CancellationToken stop)
    {
        try
        {
            var server = new PostgresServer(new NpgsqlConnectionStringBuilder(admin));
            var settings = new List<string> { "Souk__Database=postgres" };
            foreach (var service in Shop.Services)
            {
                var name = $"{prefix}_{service.Name}";
                var given = password ?? (await server.HasRole(name, stop) ? null : Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(RandomBytes)));
                await server.Prepare(name, given, stop);
                settings.Add($"{SoukSettings.ConnectionSetting(service.Name).Replace(":", "__", StringComparison.Ordinal)}='{server.ConnectionString(name, given ?? "(as it was)")}'");
            }

            settings.ForEach(output.WriteLine);
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            // Npgsql's own words may repeat a part of the password that looks like a keyword.
            throw new SettingException("--admin is no connection string of PostgreSQL, such as 'Host=localhost;Username=postgres'.");
        }
        catch (NpgsqlException e)
        {
            throw new SettingException($"--admin: {e.Message}");
        }
    }
}
