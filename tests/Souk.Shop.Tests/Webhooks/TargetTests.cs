using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Souk.Platform.Hosting;
using Souk.Platform.Webhooks;

namespace Souk.Tests.Webhooks;

/// <summary>Where webhooks may go is decided by the address at the moment of connecting.</summary>
[Trait("security", "26")]
public sealed class TargetTests
{
    private const string Refused = "The host has an address that webhooks may not go to.";
    private static readonly string Secret = WebhookSignature.NewSecret();

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.255.255.254")]
    [InlineData("0.0.0.0")]
    [InlineData("10.0.0.1")]
    [InlineData("172.16.0.1")]
    [InlineData("172.31.255.255")]
    [InlineData("192.168.1.1")]
    [InlineData("169.254.169.254")]
    [InlineData("100.64.0.1")]
    [InlineData("100.100.100.200")]
    [InlineData("192.0.0.192")]
    [InlineData("198.18.0.1")]
    [InlineData("203.0.113.7")]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("168.63.129.16")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("::7f00:1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::ffff:8.8.8.8")]
    [InlineData("64:ff9b::a00:1")]
    [InlineData("64:ff9b:1::1")]
    [InlineData("100::1")]
    [InlineData("2001::1")]
    [InlineData("2001:db8::1")]
    [InlineData("2002:7f00:1::1")]
    [InlineData("fc00::1")]
    [InlineData("fd00:ec2::254")]
    [InlineData("fe80::1")]
    [InlineData("fec0::1")]
    [InlineData("ff02::1")]
    public async Task Security26_a_name_with_an_address_that_is_not_public_is_not_connected_to(string address)
    {
        PublicAddress.Is(IPAddress.Parse(address)).ShouldBeFalse($"{IPAddress.Parse(address).AddressFamily}");
        var attempt = await Send("https://hooks.example/", [], IPAddress.Parse(address));

        attempt.ShouldBe(new WebhookAttempt(null, Refused));
    }

    [Theory]
    [InlineData("1.1.1.1")]
    [InlineData("172.15.255.255")]
    [InlineData("172.32.0.1")]
    [InlineData("100.128.0.1")]
    [InlineData("192.0.1.1")]
    [InlineData("223.255.255.254")]
    [InlineData("2606:4700:4700::1111")]
    [InlineData("2a00:1450:4001::1")]
    public void Security26_a_public_address_is_public(string address) => PublicAddress.Is(IPAddress.Parse(address)).ShouldBeTrue();

    [Fact]
    public async Task Security26_one_forbidden_address_among_many_is_enough()
    {
        (await Send("https://hooks.example/", [], IPAddress.Parse("1.1.1.1"), IPAddress.Parse("10.0.0.1"))).Failure.ShouldBe(Refused);
        (await Send("https://hooks.example/", [])).Failure.ShouldBe(Refused, "a name without addresses leads nowhere");
    }

    [Fact]
    public async Task Security26_a_name_that_changes_its_address_gains_nothing()
    {
        var port = FreePort.Some(1)[0];
        var asked = new List<string>();
        await using var allowed = await Listen(IPAddress.Loopback, port, () => asked.Add("allowed"));
        await using var forbidden = await Listen(IPAddress.Parse("127.0.0.2"), port, () => asked.Add("forbidden"));
        var lookups = 0;
        using var post = new WebhookPost(new WebhookTargets([IPNetwork.Parse("127.0.0.1/32")], (_, _) =>
        {
            // The first answer is the harmless one; whoever looked again between checking and connecting would get the other.
            lookups++;
            return Task.FromResult(new[] { lookups == 1 ? IPAddress.Loopback : IPAddress.Parse("127.0.0.2") });
        }), TimeProvider.System);

        var first = await post.Send($"http://hooks.example:{port}/", Secret, Guid.CreateVersion7(), "{}", TestContext.Current.CancellationToken);
        first.Failure.ShouldBeNull();
        (lookups, string.Join(',', asked)).ShouldBe((1, "allowed"));

        // On a connection of its own, as the first one is kept open; by then the name leads elsewhere.
        var second = await post.Send($"http://hooks2.example:{port}/", Secret, Guid.CreateVersion7(), "{}", TestContext.Current.CancellationToken);
        second.Failure.ShouldBe(Refused);
        asked.ShouldBe(["allowed"]);
    }

    [Fact]
    public async Task Security26_only_named_networks_are_gone_to_without_TLS()
    {
        (await Send("http://hooks.example/", [IPNetwork.Parse("127.0.0.1/32")], IPAddress.Parse("1.1.1.1"))).Failure.ShouldBe(Refused);
        Targets("").Objection("http://hooks.example/").ShouldBe("It should begin with https.");
        Targets("10.0.0.0/8, fd00:1::/64").Objection("http://hooks.example/").ShouldBeNull();
        Targets("10.0.0.0/8").Objection("https://10.1.2.3/").ShouldBeNull();
        Targets("10.0.0.0/8").Objection("https://11.1.2.3/").ShouldBeNull();
        Targets("10.0.0.0/8").Objection("https://192.168.0.1/").ShouldNotBeNull();
        Targets("10.0.0.0/8").Objection("https://[::ffff:10.1.2.3]/").ShouldNotBeNull();
        Targets("fd00:1::/64").Objection("https://[::ffff:10.1.2.3]/").ShouldNotBeNull();
        Should.Throw<SettingException>(() => Targets("10.0.0.1/8, here")).Message.ShouldContain("Sales:WebhookNetworks has");
    }

    [Fact]
    public async Task Security26_a_receiver_that_never_ends_its_answer_is_not_waited_for()
    {
        var port = FreePort.Some(1)[0];
        using var listener = new TcpListener(IPAddress.Loopback, port);
        listener.Start();
        var serve = Task.Run(async () =>
        {
            using var client = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
            await client.GetStream().WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\nand so on"u8.ToArray(), TestContext.Current.CancellationToken);
            _ = await client.GetStream().ReadAtLeastAsync(new byte[1_000_000], 1_000_000, throwOnEndOfStream: false, TestContext.Current.CancellationToken);
        }, TestContext.Current.CancellationToken);

        var attempt = await Send($"http://hooks.example:{port}/", [IPNetwork.Parse("127.0.0.1/32")], IPAddress.Loopback);

        attempt.ShouldBe(new WebhookAttempt(200, null));
        await serve.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
    }

    private static WebhookTargets Targets(string networks) =>
        WebhookTargets.Read(new ConfigurationBuilder().AddInMemoryCollection([new("Sales:WebhookNetworks", networks)]).Build(), "Sales:WebhookNetworks");

    private static async Task<WebhookAttempt> Send(string url, IPNetwork[] named, params IPAddress[] addresses)
    {
        using var post = new WebhookPost(new WebhookTargets(named, (_, _) => Task.FromResult(addresses)), TimeProvider.System);
        return await post.Send(url, Secret, Guid.CreateVersion7(), "{}", TestContext.Current.CancellationToken);
    }

    private static async Task<WebApplication> Listen(IPAddress address, int port, Action asked)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.Listen(address, port));
        var app = builder.Build();
        app.Run(http =>
        {
            asked();
            return Task.CompletedTask;
        });
        await app.StartAsync();
        return app;
    }
}
