using System.Net.Http.Headers;
using System.Text;
using Souk.Testing;

namespace Souk.Tests.Hostile;

/// <summary>The bounds of requests, on every operation that the documents name.</summary>
public class LimitTests(TestShop shop)
{
    private const int KiB = 1024;

    [Fact]
    public async Task Security19_a_body_over_64_KB_is_refused_everywhere_and_so_is_one_that_does_not_say_its_length()
    {
        var stage = await Stage.Set(shop);
        foreach (var operation in (await DocumentedOperation.All(shop)).Where(o => o.Body is not null))
        {
            var big = $$"""{"note": "{{new string('x', 64 * KiB)}}"}""";
            (await Send(operation, stage, big)).Code.ShouldBe(413, $"{operation}");
            (await Send(operation, stage, new Unmeasured(big))).Code.ShouldBe(413, $"{operation}, chunked");
        }

        (await stage.Owner.Get("customers", $"/api/v2/customers/{stage.Owner.Username}/wallet")).Of("balance.amount").ShouldBe("990.00");
    }

    [Fact]
    public async Task Security19_JSON_nests_32_levels_deep_and_no_deeper()
    {
        var stage = await Stage.Set(shop);
        foreach (var operation in (await DocumentedOperation.All(shop)).Where(o => o.Body is not null))
        {
            var (allowed, deeper) = (await Send(operation, stage, Nested(32)), await Send(operation, stage, Nested(33)));
            deeper.Code.ShouldBe(operation.IsV1 ? 422 : 400, $"{operation}: {deeper.Text}");
            (operation.IsV1 ? deeper.Of("detail.0.type") : deeper.Problem).ShouldBe(operation.IsV1 ? "json_invalid" : "malformed_json", $"{operation}");
            allowed.Code.ShouldBe(422, $"{operation}: {allowed.Text}");
            allowed.Text.ShouldNotContain("json_invalid", Case.Sensitive, $"{operation}");
        }
    }

    [Fact]
    public async Task Security19_a_page_has_at_most_100_elements()
    {
        var stage = await Stage.Set(shop);
        var lists = (await DocumentedOperation.All(shop)).Where(o => o.Places().Any(p => p.Name == "limit")).ToArray();

        lists.Length.ShouldBeGreaterThan(6);
        foreach (var list in lists)
        {
            var limit = list.Places().Single(p => p.Name == "limit");
            (await list.Call(stage, shop.Admin, limit, "100")).Code.ShouldBe(200, $"{list}");
            foreach (var wrong in new[] { "101", "0", "-1", "1e3", "99999999999999999999" })
            {
                (await list.Call(stage, shop.Admin, limit, wrong)).Code.ShouldBe(422, $"{list} limit={wrong}");
            }
        }
    }

    [Fact]
    public async Task Security19_an_order_has_at_most_100_lines()
    {
        var (jo, product) = (await shop.NewCustomer(money: 1000), await shop.NewProduct(price: 1, stock: 100));

        (await Buy(101)).RefusesField("body", "lines", "too_long");
        (await Buy(100)).Code.ShouldBe(201, "a purchase of the first contract is always one line");

        Task<Answer> Buy(int lines) => jo.Post("sales", "/api/v2/orders", new { lines = Enumerable.Repeat(new { product_id = product, quantity = 1 }, lines) });
    }

    private static string Nested(int levels) => new string('[', levels) + new string(']', levels);

    private static Task<Answer> Send(DocumentedOperation operation, Stage stage, string body) =>
        Send(operation, stage, operation.IsSigned ? stage.Signed(body) : new StringContent(body, Encoding.UTF8, "application/json"));

    private static Task<Answer> Send(DocumentedOperation operation, Stage stage, HttpContent body) =>
        stage.CallerOf(operation).Send(operation.Method, operation.Service, operation.Target(stage), body, ifMatch: operation.Method == HttpMethod.Patch ? "*" : null);

    /// <summary>A body whose length is not known when its headers go out.</summary>
    private sealed class Unmeasured : HttpContent
    {
        private readonly byte[] _body;

        public Unmeasured(string body)
        {
            _body = Encoding.UTF8.GetBytes(body);
            Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        protected override Task SerializeToStreamAsync(Stream stream, System.Net.TransportContext? context) => stream.WriteAsync(_body).AsTask();

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
