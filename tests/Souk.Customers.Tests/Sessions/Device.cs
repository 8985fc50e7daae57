using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Souk.Testing;

namespace Souk.Customers.Tests.Sessions;

/// <summary>A device on which somebody is signed in: it keeps the last pair of tokens.</summary>
internal sealed class Device(TestShop shop, Person person, string refreshToken)
{
    public Person Person { get; private set; } = person;

    public string RefreshToken { get; private set; } = refreshToken;

    public Guid Session => Guid.Parse(new JsonWebToken(Person.Token).GetPayloadValue<string>("sid"));

    public static async Task<Device> Of(TestShop shop, string username)
    {
        var answer = await shop.Visitor.Post("customers", "/api/v2/tokens", new { username, password = RunningShop.Password });
        answer.Code.ShouldBe(200, answer.Text);
        return new Device(shop, new Person(shop, username, answer.Of("access_token")), answer.Of("refresh_token"));
    }

    /// <summary>A device of a new customer.</summary>
    public static async Task<Device> New(TestShop shop) => await Of(shop, (await shop.NewCustomer()).Username);

    public async Task Refreshes()
    {
        var answer = await shop.Refresh(RefreshToken);
        answer.Code.ShouldBe(200, answer.Text);
        (Person, RefreshToken) = (new Person(shop, Person.Username, answer.Of("access_token")), answer.Of("refresh_token"));
    }

    /// <summary>Neither of its tokens counts any more.</summary>
    public async Task ShouldBeSignedOut(string because = "")
    {
        (await Person.Reads(Person.Path())).Code.ShouldBe(401, because);
        (await shop.Refresh(RefreshToken)).ShouldRefuse(401, "refresh_token_invalid");
    }

    public async Task ShouldBeSignedIn()
    {
        (await Person.Reads(Person.Path())).Must(200);
        await Refreshes();
    }
}

internal static class SessionWords
{
    public static Task<Answer> Refresh(this TestShop shop, string refreshToken) => shop.Visitor.Post("customers", "/api/v2/tokens/refresh", new { refresh_token = refreshToken });

    /// <summary>Posts from another address of this machine: all of 127/8 are its own.</summary>
    public static async Task<Answer> PostFrom(this RunningShop shop, string address, string service, string path, object body)
    {
        using var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (context, stop) =>
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                socket.Bind(new IPEndPoint(IPAddress.Parse(address), 0));
                await socket.ConnectAsync(context.DnsEndPoint, stop);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        using var http = new HttpClient(handler) { BaseAddress = shop.Http(service).BaseAddress };
        using var content = new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");
        using var response = await http.PostAsync(path, content);
        return await Answer.Read(response);
    }
}
