using System.Security.Claims;
using System.Text.RegularExpressions;

namespace CredSync.Host.Operations.Access;

/// <summary>What somebody may: look, repair, or also give keys.</summary>
internal enum Role
{
    /// <summary>Sees everything and changes nothing.</summary>
    Viewer = 1,

    /// <summary>Also repairs: sources, failures, holds, jobs.</summary>
    Operator = 2,

    /// <summary>Also makes and ends keys.</summary>
    Admin = 3,
}

/// <summary>Who asks, read from a sign-in.</summary>
internal static partial class Actor
{
    /// <summary>The claim that holds the role.</summary>
    public const string RoleClaim = "credsync_role";

    /// <summary>The claim that holds a key's scopes, one each; none: all that the role may.</summary>
    public const string ScopeClaim = "credsync_scope";

    /// <summary>What a key can be limited to.</summary>
    public static readonly IReadOnlyList<string> Scopes = ["read", "sources", "failures", "holds", "jobs", "people", "revocations", "keys"];

    public static ClaimsPrincipal Principal(string scheme, string name, Role role, IEnumerable<string>? scopes = null) => new(new ClaimsIdentity(
        [new Claim(ClaimTypes.Name, name), new Claim(RoleClaim, Word(role)), .. (scopes ?? []).Select(s => new Claim(ScopeClaim, s))], scheme));

    /// <summary>The name of a key for the audit.</summary>
    public static string NameOfKey(string name, string id) => $"key {name} ({id})";

    /// <summary>The id of the key that a name of the audit stands for; null when it is a person's.</summary>
    public static string? KeyOf(string name) => KeyName().Match(Ledger.SaidName.Alone(name)) is { Success: true } match ? match.Groups[1].Value : null;

    /// <summary>The name for the audit.</summary>
    public static string Name(this ClaimsPrincipal principal) => principal.Identity?.Name ?? "nobody";

    /// <summary>Why somebody may not do something; null when they may.</summary>
    public static string? WhyNot(this ClaimsPrincipal principal, Role role, string scope)
    {
        if (principal.Identity?.IsAuthenticated != true)
        {
            return "You are not signed in.";
        }

        if (!TryRole(principal.FindFirst(RoleClaim)?.Value, out Role own) || own < role)
        {
            return $"This needs the role {Word(role)}; yours is {(own == 0 ? "none" : Word(own))}.";
        }

        return principal.HasClaim(c => c.Type == ScopeClaim) && !principal.HasClaim(ScopeClaim, scope) ? $"This key is not for {scope}." : null;
    }

    public static string Word(Role role) => role.ToString().ToLowerInvariant();

    public static bool TryRole(string? word, out Role role)
    {
        role = word switch { "viewer" => Role.Viewer, "operator" => Role.Operator, "admin" => Role.Admin, _ => 0 };
        return role != 0;
    }

    [GeneratedRegex(@"^key .*\(([0-9a-f]{12})\)$", RegexOptions.Singleline)]
    private static partial Regex KeyName();
}
