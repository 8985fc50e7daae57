using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Souk.Customers.Accounts;
using Souk.Customers.Factors;
using Souk.Customers.Resets;
using Souk.Customers.Sessions;
using Souk.Customers.Tokens;
using Souk.Platform.Hosting;
using Souk.Platform.Logging;

namespace Souk.Tests.Logging;

/// <summary>A line of the log holds one line, and of people no more than their types let it.</summary>
[Trait("security", "25")]
public class LogLineTests
{
    private const string Forged = "ok\n2026-01-01T00:00:00.000Z info sales: all is well\r\u2028\u0085\u001b[2K";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Security25_line_breaks_are_escaped_wherever_they_come_from(bool json)
    {
        var line = Logged(json, log => log.LogError(new InvalidOperationException(Forged), "Path {Path} failed", Forged));

        line.TrimEnd('\n').ShouldAllBe(c => !char.IsControl(c) && c != '\u2028');
        line.ShouldContain("ok\\n2026");
        line.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(1);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Security25_what_is_personal_is_hidden_by_its_type_wherever_it_is_logged(bool json)
    {
        var customer = CustomerView.Example with { Name = "Maximiliana Quintessa", Address = "77 Unmistakable Avenue" };
        var registration = new NewCustomer { Name = customer.Name, Username = "maxi", Password = "seven green apples", Age = 33, Address = customer.Address, Gender = true, MaritalStatus = MaritalStatus.Single };

        var line = Logged(json, log => log.LogWarning("Registered {Customer} as {Registration}, with {All}", customer, registration, new object[] { customer, registration }));

        line.ShouldContain("Name = [personal]");
        line.ShouldContain("Age = 33");
        foreach (var hidden in new[] { "Maximiliana", "Unmistakable", "apples" })
        {
            line.ShouldNotContain(hidden);
        }
    }

    [Fact]
    public void Security25_every_field_with_an_address_or_a_full_name_in_Customers_is_marked()
    {
        var people = typeof(NewCustomer).Assembly.GetTypes().Where(t => t.GetProperty("Address") is not null && t.GetProperty("Name") is not null).ToArray();

        people.Length.ShouldBeGreaterThanOrEqualTo(5);
        foreach (var type in people)
        {
            var shown = Redaction.Show(System.Runtime.CompilerServices.RuntimeHelpers.GetUninitializedObject(type));
            shown.ShouldContain(" Name = [personal]", Case.Sensitive, type.Name);
            shown.ShouldContain("Address = [personal]", Case.Sensitive, type.Name);
            shown.ShouldNotMatch("Password(?!SetAt)[A-Za-z]* = (?!\\[personal\\])", type.Name);
        }
    }

    [Theory]
    [InlineData(typeof(Session), "FamilyHash", "TurnHash", "Address", "Agent")]
    [InlineData(typeof(SessionView), "Address", "Agent")]
    [InlineData(typeof(IssuedToken), "AccessToken", "RefreshToken")]
    [InlineData(typeof(SteppedUp), "AccessToken")]
    [InlineData(typeof(Authenticator), "Secret")]
    [InlineData(typeof(NewAuthenticator), "Secret", "OtpauthUri", "QrCodePng")]
    [InlineData(typeof(RecoveryCodes), "Codes")]
    [InlineData(typeof(PasswordReset), "TokenHash")]
    [InlineData(typeof(ResetLetter), "Token")]
    public void Security25_what_opens_an_account_and_where_people_sign_in_is_marked(Type type, params string[] hidden)
    {
        var shown = Redaction.Show(System.Runtime.CompilerServices.RuntimeHelpers.GetUninitializedObject(type));

        foreach (var name in hidden)
        {
            shown.ShouldContain($" {name} = [personal]", Case.Sensitive, type.Name);
        }
    }

    private static string Logged(bool json, Action<ILogger> log)
    {
        using var written = new StringWriter(System.Globalization.CultureInfo.InvariantCulture);
        log(new Line(new LogLine(new LogSettings(json, Requests: true), new ServiceName("sales"), TimeProvider.System), written));
        return written.ToString();
    }

    /// <summary>A logger as the console's is.</summary>
    private sealed class Line(LogLine format, TextWriter written) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            format.Write(new LogEntry<TState>(logLevel, "Test", eventId, state, exception, formatter), null, written);
    }
}
