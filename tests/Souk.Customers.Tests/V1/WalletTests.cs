using Souk.Testing;

namespace Souk.Customers.Tests.V1;

/// <summary>The first contract's operations on wallets, to the letter.</summary>
public class WalletTests(TestShop shop)
{
    [Fact]
    public async Task A_charge_and_a_deduction_tell_the_new_balance()
    {
        var jo = await shop.NewCustomer(money: 100);

        (await Charge(jo, """{"amount":50.0}""")).ShouldBeText(200, $$$"""{"message":"Wallet for customer '{{{jo.Username}}}' charged with 50.0","data":{"new_balance":150.0}}""");
        (await Deduct(jo, """{"amount":20.0}""")).ShouldBeText(200, $$$"""{"message":"20.0 deducted from wallet for customer '{{{jo.Username}}}'","data":{"new_balance":130.0}}""");
        (await Charge(jo, """{"amount":19.99}""")).ShouldBeText(200, $$$"""{"message":"Wallet for customer '{{{jo.Username}}}' charged with 19.99","data":{"new_balance":149.99}}""");
        (await jo.Balance()).ShouldBe(149.99m);
    }

    [Theory]
    [InlineData("50.0", "50.0")]
    [InlineData("50", "50.0")]
    [InlineData("5e1", "50.0")]
    [InlineData("\"50.5\"", "50.5")]
    [InlineData("0", "0.0")]
    [InlineData("50.1000", "50.1")]
    public async Task An_amount_may_be_a_bare_number(string body, string amount)
    {
        var jo = await shop.NewCustomer();

        (await Charge(jo, body)).ShouldBeText(200, $$$"""{"message":"Wallet for customer '{{{jo.Username}}}' charged with {{{amount}}}","data":{"new_balance":{{{amount}}}}}""");
        (await Deduct(jo, body)).ShouldBeText(200, $$$"""{"message":"{{{amount}}} deducted from wallet for customer '{{{jo.Username}}}'","data":{"new_balance":0.0}}""");
    }

    [Fact]
    public async Task More_than_there_is_can_t_be_deducted()
    {
        var jo = await shop.NewCustomer(money: 10);

        (await Deduct(jo, "10.01")).ShouldBeText(400, """{"message":"Insufficient funds in wallet"}""");
        (await jo.Balance()).ShouldBe(10m);
    }

    [Fact]
    public async Task A_missing_customer_is_404()
    {
        (await shop.Admin.Put("customers", "/api/v1/customer/wallet/nobody-here/charge", "1")).ShouldBeText(404, """{"message":"Wallet for customer 'nobody-here' not found"}""");
        (await shop.Admin.Put("customers", "/api/v1/customer/wallet/nobody-here/deduct", "1")).ShouldBeText(404, """{"message":"Wallet or customer 'nobody-here' not found"}""");
    }

    [Fact]
    public async Task A_full_wallet_takes_nothing_more()
    {
        var jo = await shop.NewCustomer(money: 10_000_000_000m);

        var refused = await Charge(jo, "0.01");
        (refused.Code, refused.Text).ShouldBe((400, """{"message":"The wallet can't hold that much"}"""));
    }

    [Fact]
    public async Task An_optional_key_moves_money_once_and_means_the_same_in_both_contracts()
    {
        var jo = await shop.NewCustomer();
        var first = await Charge(jo, "5", "k");

        (await Charge(jo, "5", "k")).ShouldBeText(200, first.Text);
        (await jo.TopsUp(5, "k")).Must(201);
        (await jo.Balance()).ShouldBe(5m);
        (await Charge(jo, "6", "k")).ShouldDetail(422);
        (await Charge(jo, "5", "two words")).ShouldBe422("""{"type":"idempotency_key","loc":["header","Idempotency-Key"],"msg":"Input should be 1 to 255 visible ASCII characters","input":"two words"}""");
    }

    [Theory]
    [InlineData("-1", """{"type":"greater_than_equal","loc":["body","amount"],"msg":"Input should be greater than or equal to 0","input":-1,"ctx":{"ge":0}}""")]
    [InlineData("""{"amount":-0.01}""", """{"type":"greater_than_equal","loc":["body","amount"],"msg":"Input should be greater than or equal to 0","input":-0.01,"ctx":{"ge":0}}""")]
    [InlineData("0.001", """{"type":"decimal_max_places","loc":["body","amount"],"msg":"Decimal input should have no more than 2 decimal places","input":0.001,"ctx":{"decimal_places":2}}""")]
    [InlineData("1e-40", """{"type":"decimal_max_places","loc":["body","amount"],"msg":"Decimal input should have no more than 2 decimal places","input":1e-40,"ctx":{"decimal_places":2}}""")]
    [InlineData("10000000000.01", """{"type":"less_than_equal","loc":["body","amount"],"msg":"Input should be less than or equal to 10000000000","input":10000000000.01,"ctx":{"le":10000000000}}""")]
    [InlineData("1e400", """{"type":"finite_number","loc":["body","amount"],"msg":"Input should be a finite number","input":1e400}""")]
    [InlineData("\"NaN\"", """{"type":"float_parsing","loc":["body","amount"],"msg":"Input should be a valid number, unable to parse string as a number","input":"NaN"}""")]
    [InlineData("""{"amount":"much"}""", """{"type":"float_parsing","loc":["body","amount"],"msg":"Input should be a valid number, unable to parse string as a number","input":"much"}""")]
    [InlineData("""{"amount":null}""", """{"type":"float_type","loc":["body","amount"],"msg":"Input should be a valid number","input":null}""")]
    [InlineData("{}", """{"type":"missing","loc":["body","amount"],"msg":"Field required","input":{}}""")]
    [InlineData("""{"amount":[]}""", """{"type":"float_type","loc":["body","amount"],"msg":"Input should be a valid number","input":[]}""")]
    public async Task An_amount_that_is_no_money_is_refused(string body, string entry)
    {
        var jo = await shop.NewCustomer(money: 5);

        (await Charge(jo, body)).ShouldBe422(entry);
        (await Deduct(jo, body)).ShouldBe422(entry);
        (await jo.Balance()).ShouldBe(5m);
    }

    private static Task<Answer> Charge(Person who, string body, string? key = null) => who.Put("customers", $"/api/v1/customer/wallet/{who.Username}/charge", body, key);

    private static Task<Answer> Deduct(Person who, string body, string? key = null) => who.Put("customers", $"/api/v1/customer/wallet/{who.Username}/deduct", body, key);
}
