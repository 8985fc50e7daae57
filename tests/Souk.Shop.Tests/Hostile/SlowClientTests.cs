using Souk.Testing;

namespace Souk.Tests.Hostile;

/// <summary>Clients that send a byte now and then, to hold a connection for as long as they can.</summary>
public class SlowClientTests(TestShop shop)
{
    [Fact]
    public async Task Security19_slow_headers_and_slow_bodies_are_cut_off()
    {
        var jo = await shop.NewCustomer();
        var signedIn = $"Host: shop\r\nAuthorization: Bearer {jo.Token}\r\nContent-Type: application/json\r\nContent-Length: 2000\r\n\r\n";

        var answers = await Task.WhenAll(
            Trickle("inventory", "GET /api/v2/products HTTP/1.1\r\nHost: shop\r\nX-Slow: "),
            Trickle("sales", $"POST /api/v2/orders HTTP/1.1\r\n{signedIn}{{"),
            Trickle("reviews", $"POST /api/v1/reviews/submit HTTP/1.1\r\n{signedIn}{{"));

        answers[0].ShouldStartWith("HTTP/1.1 408");
        answers[1].ShouldStartWith("HTTP/1.1 408");
        answers[1].ShouldContain("\"code\":\"request_timeout\"");
        answers[2].ShouldStartWith("HTTP/1.1 408");
        answers[2].ShouldContain("\"detail\":");
        (await jo.Get("sales", "/api/v2/orders")).Must(200);
    }

    private Task<string> Trickle(string service, string begin) => RawConnection.Trickle(shop.Http(service).BaseAddress!, begin);
}
