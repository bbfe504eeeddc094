using System.Net;
using System.Net.Sockets;

namespace CredSync.OpenBadges.Verification;

/// <summary>Tells addresses of the public Internet from those that only mean something inside a network (IANA special-purpose registries).</summary>
internal static class PublicAddresses
{
    private static readonly IPNetwork[] Special =
    [
        .. Networks(
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24",
            "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"),
    ];

    // Only 2000::/3 is given out for the public Internet; these parts of it are not public either, or carry an IPv4 address inside.
    private static readonly IPNetwork Global = IPNetwork.Parse("2000::/3");
    private static readonly IPNetwork[] SpecialInGlobal = [.. Networks("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")];

    public static bool IsPublic(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            address = address.MapToIPv4();
        }

        return address.AddressFamily == AddressFamily.InterNetwork
            ? !Special.Any(n => n.Contains(address))
            : Global.Contains(address) && !SpecialInGlobal.Any(n => n.Contains(address));
    }

    private static IEnumerable<IPNetwork> Networks(params string[] networks) => networks.Select(static n => IPNetwork.Parse(n));
}
