using Souk.Contracts;
using Souk.Platform.Errors;
using Souk.Platform.Hosting;
using Souk.Platform.Security;

namespace Souk.Sales.Orders;

/// <summary>Finds the customer behind a username: from the token for oneself, from Customers for others.</summary>
internal sealed class Buyers(Peers peers)
{
    public async Task<Result<CustomerCard>> Of(string username, Caller caller) =>
        string.Equals(username, caller.Username, StringComparison.Ordinal)
            ? new CustomerCard(caller.Id, caller.Username)
            : await peers["customers"].Get<CustomerCard>($"/internal/customers?username={Uri.EscapeDataString(username)}");
}
