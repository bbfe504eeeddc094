using System.Diagnostics.Metrics;

namespace CredSync.Host.Telemetry;

/// <summary>Our own metrics. docs/operating.md lists them; a test compares the two.</summary>
internal static class Meters
{
    /// <summary>The name of our meter.</summary>
    public const string Name = "CredSync";

    /// <summary>The meter.</summary>
    public static readonly Meter Meter = new(Name);

    private static readonly Counter<long> IssuerCalls = Meter.CreateCounter<long>("credsync.issuer.calls", description: "Calls of issuers by this process, by outcome: issued, or the kind of fault.");
    private static readonly Counter<long> Duplicates = Meter.CreateCounter<long>("credsync.duplicates.prevented", description: "Requests to mint that this process found minted already, and answered from the journal.");

    /// <summary>An issuer was called.</summary>
    public static void IssuerCalled(string issuer, string outcome) => IssuerCalls.Add(1, new KeyValuePair<string, object?>("issuer", issuer), new KeyValuePair<string, object?>("outcome", outcome));

    /// <summary>A second credential was not minted.</summary>
    public static void DuplicatePrevented(string issuer) => Duplicates.Add(1, new KeyValuePair<string, object?>("issuer", issuer));
}
