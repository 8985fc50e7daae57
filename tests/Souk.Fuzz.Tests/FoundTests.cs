using System.Net;
using System.Text;
using Souk.Fuzz.Oracles;
using Souk.Fuzz.Requests;
using Souk.Fuzz.Running;
using Souk.Fuzz.Wire;
using Souk.Testing;

namespace Souk.Fuzz.Tests;

/// <summary>What the fuzzer has found and what was mended, each by the request that found it.</summary>
public class FoundTests(TestShop shop)
{
    /// <summary>It was a 500, with an error in the log.</summary>
    [Theory]
    [InlineData("/api/v2/tokens", "application/problem+json")]
    [InlineData("/api/v1/customer/auth/login", "application/json")]
    public async Task Security25_a_chunk_whose_size_no_number_holds_is_the_callers_fault(string path, string type)
    {
        var reply = await Send("customers", $"POST {path} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n{{}}");

        (reply.Status, reply.MediaType).ShouldBe((400, type));
    }

    /// <summary>It was a 500: what was sent could not be repeated without its secrets.</summary>
    [Fact]
    public async Task Security25_a_secret_that_is_sent_twice_is_left_out_of_the_refusal()
    {
        var answer = await shop.Visitor.Post("customers", "/api/v1/customer/auth/login", """{"password":"first secret","password":"second secret"}""");

        answer.RefusesV1Field("missing", "body", "username");
        answer.Of("detail.0.input").ShouldBe("""{"password":"**********"}""");
    }

    /// <summary>The document had a field for everybody that moderators alone get.</summary>
    [Fact]
    public async Task Security4_a_review_is_as_documented_for_its_author_and_for_a_moderator()
    {
        var (author, product) = (await shop.NewCustomer(money: 100), await shop.NewProduct());
        await author.Buys(product);
        var review = (await author.Reviews(product)).Of("id");

        (await Faults("get_v2_reviews_by_id", "reviews", $"/api/v2/reviews/{review}", author)).ShouldBeEmpty();
        (await Faults("get_v2_reviews_by_id", "reviews", $"/api/v2/reviews/{review}", shop.Admin)).ShouldBeEmpty();
    }

    /// <summary>The document promised a product where there is none.</summary>
    [Fact]
    public async Task The_health_of_an_empty_inventory_is_as_documented()
    {
        await using var empty = new TestShop();
        await empty.InitializeAsync();

        (await Faults("get_health", "inventory", "/health", empty.Visitor, empty)).ShouldBeEmpty();
    }

    /// <summary>The document promised a Location, which the first contract never gave.</summary>
    [Fact]
    public async Task A_registration_by_the_first_contract_is_as_documented()
    {
        var body = $$"""{"username":"{{shop.NewName()}}","password":"{{RunningShop.Password}}","name":"Jo Doe","age":30,"address":"1 Main Street","gender":true,"marital_status":"single"}""";
        var reply = await Send("customers", $"POST /api/v1/customer/auth/register HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}");

        reply.Status.ShouldBe(201);
        (await Judged("post_v1_customer_auth_register", "customers", reply, shop)).ShouldBeEmpty();
    }

    private async Task<string[]> Faults(string id, string service, string path, Person caller, TestShop? at = null)
    {
        var token = caller.Token is null ? "" : $"Authorization: Bearer {caller.Token}\r\n";
        var reply = await Send(service, $"GET {path} HTTP/1.1\r\nHost: a\r\n{token}\r\n", at);
        reply.Status.ShouldBe(200);
        return await Judged(id, service, reply, at ?? shop);
    }

    private static async Task<string[]> Judged(string id, string service, Reply reply, TestShop at)
    {
        var operation = (await FuzzRun.OperationsOf(at)).Single(o => o.Id == id && o.Service == service);
        return [.. new Judge(ErrorPage.Codes()).Faults(new Plan(1, operation, "admin") { Method = operation.Method, Target = operation.Path }, reply)];
    }

    private async Task<Reply> Send(string service, string request, TestShop? at = null)
    {
        using var connection = await Connection.Open(IPAddress.Loopback.ToString(), (at ?? shop).Http(service).BaseAddress!.Port, TestContext.Current.CancellationToken);
        return await connection.Exchange(Encoding.UTF8.GetBytes(request), isLast: false, isHead: false, TestContext.Current.CancellationToken);
    }
}
