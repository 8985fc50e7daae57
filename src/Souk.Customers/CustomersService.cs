using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Souk.Contracts;
using Souk.Customers.Accounts;
using Souk.Customers.Audit;
using Souk.Customers.Factors;
using Souk.Customers.Payments;
using Souk.Customers.Privacy;
using Souk.Customers.Resets;
using Souk.Customers.Roles;
using Souk.Customers.Sessions;
using Souk.Customers.Tokens;
using Souk.Customers.V1;
using Souk.Customers.Wallets;
using Souk.Platform.Audit;
using Souk.Platform.Encryption;
using Souk.Platform.Errors;
using Souk.Platform.Events;
using Souk.Platform.Holds;
using Souk.Platform.Hosting;
using Souk.Platform.Persistence;
using Souk.Platform.Privacy;
using Souk.Platform.Security;
using Souk.Platform.Webhooks;

namespace Souk.Customers;

/// <summary>Customers: accounts, roles and sign-in, wallets and their ledger. Everything that it is made of is listed here.</summary>
public static class CustomersService
{
    /// <summary>The service, ready to be hosted.</summary>
    public static ServiceDefinition Definition { get; } = new(
        "customers", "Souk Customers", "Accounts, sign-in, roles and wallets.", AddCustomers, MapCustomers);

    private static void AddCustomers(IServiceCollection services, IConfiguration configuration)
    {
        services.AddDatabase<CustomersDb>();
        services.AddKeyRing<CustomersDb>(configuration);
        AddAccounts(services, configuration);
        AddSessions(services, configuration);
        AddFactors(services, configuration);
        services.AddPersonalData(PersonalAccount.Sections);
        services.AddSingleton<StartExport>();
        services.AddSingleton<CollectExport>();
        services.AddHostedService<ExportWorker>();
        services.AddSingleton<StartErasure>();
        services.AddSingleton<SignIn>();
        services.AddSingleton<TokenIssuer>();
        services.AddSingleton<RotateKeys>();
        services.AddSingleton(new Tokens.KeyAge(TimeSpan.FromDays(SoukSettings.Number(configuration, "Customers:SigningKeyDays", 30, 1, 365))));
        services.AddHostedService(provider => provider.GetRequiredService<TokenIssuer>());
        services.AddSingleton<ReadShopAudit>();
        services.AddSingleton<Ledger>();
        services.AddSingleton<SimulatedPaymentProvider>();
        services.AddSingleton<MoveMoney>();
        services.AddSingleton(IncomingWebhooks.Read(configuration, "Customers:PaymentSecret"));
        services.AddSingleton<StartPayment>();
        services.AddSingleton<TakePaymentEvent>();
        services.AddSingleton<Func<ITransaction<CustomersDb>, IMoneyTables>>(_ => transaction => new MoneyTables(transaction.Sql));
        services.AddParticipant<CustomersDb, MoneyHold, MoneyForSales>(configuration);
        services.AddEvents(
            new Dictionary<string, Type[]> { ["sales"] = [typeof(CustomerDeleted)], ["reviews"] = [typeof(CustomerDeleted)] },
            new Subscriptions<CustomersDb>().OnRepeatable<OrderCancelled>((provider, e) => provider.GetRequiredService<MoneyForSales>().End([new SaleEnd(e.OrderId, SaleOutcome.Cancelled)])));
    }

    private static void AddAccounts(IServiceCollection services, IConfiguration configuration)
    {
        var rounds = SoukSettings.Number(configuration, "Customers:PasswordRounds", Passwords.UsualRounds, 1_000, 10_000_000);
        services.AddSingleton(provider => Passwords.Of(rounds, provider.GetRequiredService<ILogger<Passwords>>()));
        services.AddSingleton<RegisterCustomer>();
        services.AddSingleton<ChangeCustomer>();
        services.AddSingleton<SetRole>();
        services.AddSingleton<AddRole>();
        services.AddSingleton<ChangeRole>();
        services.AddSingleton<DeleteRole>();
        services.AddSingleton<DeleteCustomer>();
        services.AddSingleton<DisableCustomer>();
        services.AddSingleton<SampleCustomers>();
        services.AddSingleton(FirstAdmin.Of(configuration));
        services.AddHostedService<MakeFirstAdmin>();
    }

    private static void AddSessions(IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(SessionTimes.Of(configuration));
        services.AddSingleton<OpenSession>();
        services.AddSingleton<RefreshSession>();
        services.AddSingleton<EndSessions>();
        services.AddSingleton<SessionState>();
        services.AddSingleton<StillSignedIn>(provider => provider.GetRequiredService<SessionState>().StillSignedIn);
        services.AddSingleton(CleanSessions.Rule);
        services.AddSingleton(GuessLimits.Of(configuration));
        services.AddSingleton<Guesses>();
        services.AddSingleton<SendResetLetter>(LocalLetterbox.Send);
        services.AddSingleton<AskForReset>();
        services.AddHostedService(provider => provider.GetRequiredService<AskForReset>());
        services.AddSingleton<CompleteReset>();
    }

    private static void AddFactors(IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(PasskeyRules.Read(configuration));
        services.AddSingleton<PasskeyStore>();
        services.AddSingleton(provider => provider.GetRequiredService<PasskeyStore>().Handler(provider));
        services.AddSingleton<Passkeys>();
        services.AddSingleton<FactorOwner>();
        services.AddSingleton<AddAuthenticator>();
        services.AddSingleton<ConfirmAuthenticator>();
        services.AddSingleton<AddPasskey>();
        services.AddSingleton<RenewRecoveryCodes>();
        services.AddSingleton<RemoveFactors>();
        services.AddSingleton<ShowCode>();
        services.AddSingleton<TakeStepUp>();
        services.AddSingleton<PasskeySignIn>();
    }

    private static void MapFactors(IEndpointRouteBuilder v2)
    {
        ReadFactors.Map(v2);
        AddAuthenticator.Map(v2);
        ConfirmAuthenticator.Map(v2);
        AddPasskey.Map(v2);
        RenewRecoveryCodes.Map(v2);
        RemoveFactors.Map(v2);
        TakeStepUp.Map(v2);
        PasskeySignIn.Map(v2);
    }

    private static void MapCustomers(IEndpointRouteBuilder routes)
    {
        var v2 = routes.MapGroup("/api/v2");
        RegisterCustomer.Map(v2);
        ListCustomers.Map(v2);
        ReadCustomer.Map(v2);
        ChangeCustomer.Map(v2);
        DeleteCustomer.Map(v2);
        SetRole.Map(v2);
        DisableCustomer.Map(v2);
        ListRoles.Map(v2);
        AddRole.Map(v2);
        ChangeRole.Map(v2);
        DeleteRole.Map(v2);
        SignIn.Map(v2);
        RefreshSession.Map(v2);
        EndSessions.Map(v2);
        ListSessions.Map(v2);
        AskForReset.Map(v2);
        CompleteReset.Map(v2);
        MapFactors(v2);
        ReadWallet.Map(v2);
        ListEntries.Map(v2);
        MoveMoney.Map(v2);
        ReadShopAudit.Map(v2);
        StartExport.Map(v2);
        ReadExport.Map(v2);
        DownloadExport.Map(v2);
        StartErasure.Map(v2);
        ReadErasure.Map(v2);
        StartPayment.Map(v2);
        TakePaymentEvent.Map(v2);
        PublishKeys.Map(routes);
        RotateKeys.Map(v2);
        var v1 = routes.MapGroup("/api/v1/customer");
        Login.Map(v1);
        People.Map(v1);
        Purses.Map(v1);

        CustomerCards.Map(routes);
        SessionState.Map(routes);
        Login.MapInternal(routes);
        MoneyForSales.Map(routes);
        routes.MapParticipant<CustomersDb, MoneyHold>();
        routes.MapEvents<CustomersDb>();
        routes.MapAudit<CustomersDb>(Permissions.AuditRead);
        routes.MapErrors(Permissions.ErrorsRead);
        routes.MapShopErrors(Permissions.ErrorsRead);
        routes.MapHealth<CustomersDb>(
            async (db, stop) => new { status = "OK", db_status = "connected", customers_count = await db.Customers.CountAsync(c => c.DeletedAt == null, stop) },
            new { status = "OK", db_status = "connected", customers_count = 42 },
            routes.ServiceProvider.GetRequiredService<FirstAdmin>().Ready);
    }
}
