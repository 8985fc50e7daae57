using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Souk.Contracts;
using Souk.Customers.Accounts;
using Souk.Customers.Tokens;
using Souk.Customers.V1;
using Souk.Customers.Wallets;
using Souk.Platform.Events;
using Souk.Platform.Holds;
using Souk.Platform.Hosting;
using Souk.Platform.Persistence;

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
        AddAccounts(services, configuration);
        services.AddSingleton<SignIn>();
        services.AddSingleton<TokenIssuer>();
        services.AddHostedService(provider => provider.GetRequiredService<TokenIssuer>());
        services.AddSingleton<Ledger>();
        services.AddSingleton<SimulatedPaymentProvider>();
        services.AddSingleton<MoveMoney>();
        services.AddSingleton<Func<ITransaction<CustomersDb>, IMoneyTables>>(_ => transaction => new MoneyTables(transaction.Sql));
        services.AddParticipant<CustomersDb, MoneyHold, MoneyForSales>(configuration);
        services.AddEvents(
            new Dictionary<string, Type[]> { ["sales"] = [typeof(CustomerDeleted)], ["reviews"] = [typeof(CustomerDeleted)] },
            new Subscriptions<CustomersDb>().OnRepeatable<OrderCancelled>((provider, e) => provider.GetRequiredService<MoneyForSales>().End([new SaleEnd(e.OrderId, SaleOutcome.Cancelled)])));
    }

    private static void AddAccounts(IServiceCollection services, IConfiguration configuration)
    {
        var rounds = SoukSettings.Number(configuration, "Customers:PasswordRounds", 600_000, 1_000, 10_000_000);
        services.AddSingleton(_ => new Passwords(rounds));
        services.AddSingleton<RegisterCustomer>();
        services.AddSingleton<ChangeCustomer>();
        services.AddSingleton<SetRole>();
        services.AddSingleton<DeleteCustomer>();
        services.AddSingleton<SampleCustomers>();
        services.AddSingleton(FirstAdmin.Of(configuration));
        services.AddHostedService<MakeFirstAdmin>();
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
        SignIn.Map(v2);
        ReadWallet.Map(v2);
        ListEntries.Map(v2);
        MoveMoney.Map(v2);
        PublishKeys.Map(routes);
        var v1 = routes.MapGroup("/api/v1/customer");
        Login.Map(v1);
        People.Map(v1);
        Purses.Map(v1);

        CustomerCards.Map(routes);
        Login.MapInternal(routes);
        MoneyForSales.Map(routes);
        routes.MapParticipant<CustomersDb, MoneyHold>();
        routes.MapEvents<CustomersDb>();
        routes.MapHealth<CustomersDb>(
            async (db, stop) => new { status = "OK", db_status = "connected", customers_count = await db.Customers.CountAsync(c => c.DeletedAt == null, stop) },
            new { status = "OK", db_status = "connected", customers_count = 42 });
    }
}
