using System.Net;

namespace Souk.Platform.Webhooks;

/// <summary>
/// Which addresses belong to the public Internet. The others are those of IANA's registries of special-purpose addresses
/// (https://www.iana.org/assignments/iana-ipv4-special-registry, https://www.iana.org/assignments/iana-ipv6-special-registry).
/// </summary>
internal static class PublicAddress
{
    private static readonly IPNetwork[] SpecialV4 =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24",
            "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",

            // A cloud's own services (metadata among them) behind a public address: learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16.
            "168.63.129.16/32",
        }.Select(IPNetwork.Parse),
    ];

    /// <summary>All that is given out as global unicast; outside of it lie loopback, link-local, private, multicast, IPv4-mapped and NAT64 addresses.</summary>
    private static readonly IPNetwork GlobalV6 = IPNetwork.Parse("2000::/3");

    /// <summary>Inside of it: protocol assignments (Teredo and ORCHID among them), documentation, 6to4, which leads to an IPv4 address, and AS112.</summary>
    private static readonly IPNetwork[] SpecialV6 = [.. new[] { "2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20" }.Select(IPNetwork.Parse)];

    /// <summary>Whether an address is public. An IPv4 address in IPv6's clothes is not: nobody has a reason to write it so, and networks don't compare with it.</summary>
    public static bool Is(IPAddress address) => address.AddressFamily switch
    {
        System.Net.Sockets.AddressFamily.InterNetwork => !Array.Exists(SpecialV4, n => n.Contains(address)),
        System.Net.Sockets.AddressFamily.InterNetworkV6 => !address.IsIPv4MappedToIPv6 && GlobalV6.Contains(address) && !Array.Exists(SpecialV6, n => n.Contains(address)),
        _ => false,
    };
}
