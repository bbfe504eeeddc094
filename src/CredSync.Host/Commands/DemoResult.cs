using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CredSync.Host.Ledger;
using CredSync.Host.Operations;
using Spectre.Console;

namespace CredSync.Host.Commands;

/// <summary>How a demo went.</summary>
internal sealed record DemoResult
{
    public required bool Good { get; init; }

    public required long Completions { get; init; }

    public required long People { get; init; }

    public required int Issued { get; init; }

    public required int Verified { get; init; }

    /// <summary>The same for the same seed: a digest of which badges there are and when each was earned.</summary>
    public required string Fingerprint { get; init; }

    public required TimeSpan? FirstVerifiedAfter { get; init; }

    public required string Badges { get; init; }

    public required IReadOnlyList<DemoCredential> Credentials { get; init; }

    public required Story? Story { get; init; }

    public required IReadOnlyList<string> Failures { get; init; }

    /// <summary>
    /// A digest over definitions and earned dates. Issue dates and signatures differ from run to run; so do the ids of people whom one platform knows by an address and another by a
    /// number, because whichever tells first names them.
    /// </summary>
    public static string FingerprintOf(IReadOnlyList<IssuanceLine> issued)
    {
        IEnumerable<string> lines = issued.Select(i => string.Create(CultureInfo.InvariantCulture, $"{i.Definition} {i.EarnedAt:O}")).Order(StringComparer.Ordinal);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', lines))))[..16];
    }

    public void Draw(IAnsiConsole console)
    {
        console.WriteLine();
        Story?.Draw(console);
        console.WriteLine();
        Table table = Output.Table("credential", "issued", "verified", "held");
        foreach (DemoCredential row in Credentials)
        {
            table.AddRow(row.Definition, row.Issued.ToString(CultureInfo.InvariantCulture), row.Verified.ToString(CultureInfo.InvariantCulture), row.Held.ToString(CultureInfo.InvariantCulture));
        }

        console.Write(table);
        foreach (string failure in Failures)
        {
            console.MarkupLineInterpolated($"[red]✗[/] {failure}");
        }

        string first = FirstVerifiedAfter is { } span ? string.Create(CultureInfo.InvariantCulture, $", the first after {span.TotalSeconds:0.0} s") : "";
        console.Markup(Good ? "[green]✓[/] " : "[red]✗[/] ");
        console.WriteLine($"{Completions} completions of {People} people became {Issued} badges; {Verified} verified{first}. Fingerprint {Fingerprint}.");
        console.WriteLine($"They are in {Badges}");
    }
}

/// <summary>One credential of a demo.</summary>
internal sealed record DemoCredential(string Definition, int Issued, int Verified, int Held);
