using Souk.Customers.Accounts;

namespace Souk.Customers.Tests.Accounts;

/// <summary>The rules of the account itself, and of roles.</summary>
public class EntityTests
{
    private static readonly DateTime Now = new(2026, 11, 21, 9, 0, 0, DateTimeKind.Utc);
    private static readonly DateTime Later = Now.AddDays(1);

    [Fact]
    public void A_new_account_is_what_was_asked_for_and_a_customers()
    {
        var id = Guid.Parse("01993e2a-0000-7000-8000-000000000009");

        var jo = Customer.Of(id, NewCustomer.Example, Role.Customer, "hash", Now);

        (jo.Id, jo.Username, jo.UsernameKey, jo.Name, jo.Age, jo.Address).ShouldBe((id, "johndoe", "johndoe", "John Doe", 30, "123 Main St"));
        (jo.Gender, jo.MaritalStatus, jo.Role, jo.PasswordHash, jo.Version).ShouldBe((true, MaritalStatus.Single, Role.Customer, "hash", 1));
        (jo.CreatedAt, jo.UpdatedAt, jo.DeletedAt).ShouldBe((Now, Now, null));
    }

    [Fact]
    public void A_username_is_unique_by_its_lower_case() => Customer.KeyOf("Jo.DOE-1").ShouldBe("jo.doe-1");

    [Fact]
    public void A_change_counts_the_version_up()
    {
        var jo = Customer.Of(Guid.Empty, NewCustomer.Example, Role.Customer, "hash", Now);

        jo.Changed(Later);

        (jo.Version, jo.UpdatedAt, jo.CreatedAt).ShouldBe((2, Later, Now));
    }

    [Fact]
    public void What_is_erased_tells_nothing_about_the_person()
    {
        var jo = Customer.Of(Guid.Empty, new NewCustomer { Name = "Jo", Username = "jo1", Password = "x", Age = 40, Address = "Here", Gender = true, MaritalStatus = MaritalStatus.Widows }, Role.Admin, "hash", Now);

        jo.Erase(Later);

        (jo.Username, jo.UsernameKey, jo.Name, jo.Address, jo.PasswordHash).ShouldBe(("", null, "", "", ""));
        (jo.Age, jo.Gender, jo.MaritalStatus, jo.Role).ShouldBe((0, false, MaritalStatus.Single, Role.Customer));
        (jo.DeletedAt, jo.UpdatedAt, jo.Version).ShouldBe((Later, Later, 2));
    }

    [Fact]
    public void Each_role_is_a_set_of_permissions()
    {
        Roles.PermissionsOf(Role.Customer).ShouldBeEmpty();
        Roles.PermissionsOf(Role.Moderator).ShouldBe(["reviews:moderate"]);
        Roles.PermissionsOf(Role.Admin).ShouldBe(
            ["customers:read", "customers:write", "roles:write", "wallets:adjust", "inventory:write", "sales:read", "sales:write", "reviews:moderate"], ignoreOrder: true);
    }

    [Fact]
    public void Every_role_has_its_set() => Enum.GetValues<Role>().ShouldAllBe(r => Roles.PermissionsOf(r) != null);
}
