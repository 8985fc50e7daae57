using System.Buffers.Text;
using System.Security.Cryptography;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Souk.Customers.Accounts;
using Souk.Platform.Errors;
using Souk.Platform.Hosting;
using Souk.Platform.Persistence;
using Souk.Platform.Requests;
using Souk.Platform.Security;

namespace Souk.Customers.Resets;

/// <summary>Who forgot the password.</summary>
internal sealed class ForgottenPassword
{
    /// <summary>The handle, in any case.</summary>
    [Text(1, 100)]
    public required string Username { get; set; }
}

/// <summary>
/// Takes requests for a password reset. The answer says only that the request was taken; whether there is such a customer is looked
/// up afterwards, so neither its words nor its time tell.
/// </summary>
internal sealed partial class AskForReset(GroupCommit<CustomersDb> writer, SendResetLetter send, TimeProvider time, ILogger<AskForReset> log) : BackgroundService
{
    private const int TokenBytes = 32;
    private const int LongestLine = 1000;

    private readonly Channel<string> _asked = Channel.CreateBounded<string>(LongestLine);

    public static void Map(IEndpointRouteBuilder v2) => v2
        .MapPost("/password-resets", (Body<ForgottenPassword> body, AskForReset use) => use.Take(body.Value.Username))
        .WithTags("tokens").Allow(Access.Anyone)
        .Describe("Ask for a password reset", "Sends the customer a token for `POST /api/v2/password-resets/completion`, worth 30 minutes and at most one a minute. The answer is the same whether or not there is such a customer.")
        .Takes(new ForgottenPassword { Username = "johndoe" })
        .Answers(202);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var username in _asked.Reader.ReadAllAsync(stoppingToken))
        {
            try
            {
                await Send(username, stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogNotSent(e.Message);
            }
        }
    }

    private IResult Take(string username) => _asked.Writer.TryWrite(username)
        ? Results.StatusCode(StatusCodes.Status202Accepted)
        : new Refusal(CommonErrors.Busy.With("Too many password resets are waiting.") with { RetryAfter = Limits.BusyRetryAfter });

    private async Task Send(string username, CancellationToken stop)
    {
        var token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(TokenBytes));
        var made = await writer.Write(db => Make(db, username, token));
        if (made.Refused(out var error, out var letter))
        {
            LogNotSent(error.Detail);
        }
        else if (letter is not null)
        {
            await send(letter, stop);
        }
    }

    /// <summary>Null when there is no such customer, or one who got a letter a moment ago.</summary>
    private async Task<Result<ResetLetter?>> Make(CustomersDb db, string username, string token)
    {
        var (key, now) = (Customer.KeyOf(username), time.GetUtcNow().UtcDateTime);
        var customer = await db.Customers.AsNoTracking().SingleOrDefaultAsync(c => c.UsernameKey == key && c.DisabledAt == null);
        if (customer is null)
        {
            return (ResetLetter?)null;
        }

        var reset = await db.PasswordResets.SingleOrDefaultAsync(r => r.CustomerId == customer.Id) ?? db.Add(new PasswordReset { CustomerId = customer.Id, TokenHash = [] }).Entity;
        if (now < reset.MadeAt + PasswordReset.Between)
        {
            return (ResetLetter?)null;
        }

        (reset.TokenHash, reset.MadeAt, reset.EndsAt) = (PasswordReset.DigestOf(token), now, now + PasswordReset.Lifetime);
        return new ResetLetter(customer.Id, customer.Username, token, reset.EndsAt);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A password reset could not be sent: {Reason}")]
    private partial void LogNotSent(string reason);
}
