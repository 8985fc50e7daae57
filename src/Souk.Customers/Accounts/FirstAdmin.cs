using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Souk.Customers.Roles;
using Souk.Platform.Hosting;
using Souk.Platform.Persistence;

namespace Souk.Customers.Accounts;

/// <summary>The admin that the first start makes. Whoever hosts the service shows the generated password, once.</summary>
public sealed class FirstAdmin
{
    /// <summary>The first admin's username. Nobody else can register it.</summary>
    public const string Username = "admin";

    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private FirstAdmin(string? givenPassword) => GivenPassword = givenPassword;

    /// <summary>Ends when the shop has an admin, one made now or an earlier one.</summary>
    public Task Ready => _ready.Task;

    /// <summary>The password, when one was made up at this start; it stands nowhere else. Null before <see cref="Ready"/> has ended.</summary>
    public string? GeneratedPassword { get; private set; }

    /// <summary>The password of the settings.</summary>
    internal string? GivenPassword { get; }

    /// <summary>Reads and checks the settings.</summary>
    internal static FirstAdmin Of(IConfiguration configuration)
    {
        var password = configuration["Souk:AdminPassword"];
        if (password is not null && (password.Length is < Customer.PasswordLeast or > Customer.PasswordMost || password.Any(char.IsControl) || CommonPasswords.Check(password) is not null))
        {
            throw new SettingException($"Souk:AdminPassword must have {Customer.PasswordLeast} to {Customer.PasswordMost} characters and be none of the commonest passwords.");
        }

        return new FirstAdmin(password);
    }

    internal void Done(string? generatedPassword)
    {
        GeneratedPassword = generatedPassword;
        _ready.SetResult();
    }

    internal void Failed(Exception exception) => _ready.SetException(exception);
}

/// <summary>Makes the first admin, in the background: hashing the password takes a moment, and the service can answer meanwhile.</summary>
internal sealed class MakeFirstAdmin(FirstAdmin first, RegisterCustomer register, Passwords passwords, IDbContextFactory<CustomersDb> contexts, GroupCommit<CustomersDb> writer)
    : BackgroundService
{
    private const int RandomBytes = 18;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            first.Done(await HasAdmin(stoppingToken) ? null : await Make());
        }
        catch (Exception e)
        {
            first.Failed(e);
            throw;
        }
    }

    /// <summary>Makes the admin; returns the password if it was made up, and used.</summary>
    private async Task<string?> Make()
    {
        var password = first.GivenPassword ?? Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomBytes));
        var hash = (await passwords.Hash(password)).Value;
        var admin = new NewCustomer { Name = "Administrator", Username = FirstAdmin.Username, Password = password, Age = 0, Address = "None", Gender = false, MaritalStatus = MaritalStatus.Single };
        var made = await writer.Write<bool>(async db =>
            await Admins(db).AnyAsync(CancellationToken.None) ? false : (await register.Add(db, admin, Role.Admin, hash)).Map(_ => true));
        return made.Value && first.GivenPassword is null ? password : null;
    }

    private async Task<bool> HasAdmin(CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        return await Admins(db).AnyAsync(stop);
    }

    private static IQueryable<Customer> Admins(CustomersDb db) => db.Customers.Where(c => c.Role == Role.Admin && c.DeletedAt == null);
}
