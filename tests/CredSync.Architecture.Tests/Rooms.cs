using ArchUnitNET.Domain;
using ArchUnitNET.Loader;

namespace CredSync.Architecture.Tests;

/// <summary>The compiled rooms, and which types each of their types names.</summary>
internal static class Rooms
{
    public static readonly System.Reflection.Assembly Abstractions = typeof(CredSync.NameBasedUuid).Assembly;
    public static readonly System.Reflection.Assembly Core = typeof(CredSync.Core.Issuance.IssuanceKey).Assembly;
    public static readonly System.Reflection.Assembly Sources = typeof(CredSync.Sources.BuiltInSources).Assembly;
    public static readonly System.Reflection.Assembly Issuers = typeof(CredSync.Issuers.BuiltInIssuers).Assembly;
    public static readonly System.Reflection.Assembly OpenBadges = typeof(CredSync.OpenBadges.Keys.SigningKey).Assembly;
    public static readonly System.Reflection.Assembly Host = typeof(CredSync.Host.CredSyncApp).Assembly;
    public static readonly System.Reflection.Assembly Sandbox = typeof(CredSync.Sandbox.SandboxServer).Assembly;
    public static readonly System.Reflection.Assembly Conformance = System.Reflection.Assembly.Load("CredSync.Conformance");
    public static readonly System.Reflection.Assembly Executable = System.Reflection.Assembly.Load("credsync");

    public static readonly IReadOnlyList<System.Reflection.Assembly> All = [Abstractions, Core, Sources, Issuers, OpenBadges, Host, Sandbox, Conformance, Executable];

    private static readonly Lazy<ArchUnitNET.Domain.Architecture> Model = new(() => new ArchLoader().LoadAssemblies([.. All]).Build());

    /// <summary>Every type of the rooms with the full names of the types that it names, itself left out.</summary>
    public static IEnumerable<(IType Type, string Named)> Dependencies() =>
        Model.Value.Types.SelectMany(t => t.Dependencies.Select(d => (t, d.Target.FullName)).Where(d => d.FullName != t.FullName));

    /// <summary>Dependencies of types below a namespace on types below another, as sentences.</summary>
    public static IReadOnlyList<string> Uses(string from, params string[] named) =>
    [
        .. Dependencies()
            .Where(d => IsBelow(d.Type.FullName, from) && named.Any(n => IsBelow(d.Named, n)))
            .Select(d => $"{d.Type.FullName} names {d.Named}")
            .Distinct(),
    ];

    /// <summary>Whether a full name lies below a namespace (or is the type of that name).</summary>
    public static bool IsBelow(string fullName, string space) =>
        fullName.StartsWith(space + ".", StringComparison.Ordinal) || fullName == space || fullName.StartsWith(space + "/", StringComparison.Ordinal)
        || fullName.StartsWith(space + "+", StringComparison.Ordinal) || fullName.StartsWith(space + "`", StringComparison.Ordinal);
}
