using Souk.Contracts;
using Souk.Customers.Accounts;
using Souk.Customers.Roles;

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
    public void The_list_of_permissions_has_every_one_there_is()
    {
        var constants = typeof(Permissions).GetFields().Where(f => f.IsLiteral).Select(f => (string)f.GetRawConstantValue()!);

        Permissions.All.ShouldBe(constants, ignoreOrder: true);
    }

    [Fact]
    public void A_role_holds_what_it_was_given_and_an_admin_everything()
    {
        Role.Of("clerk", ["sales:read", "customers:read", "sales:read"], Now).Permissions.ShouldBe(["customers:read", "sales:read"]);
        Role.Of("clerk", [], Now).Permissions.ShouldBeEmpty();
        Role.Of(Role.Admin, [], Now).Permissions.ShouldBe(Permissions.All);
    }
}
