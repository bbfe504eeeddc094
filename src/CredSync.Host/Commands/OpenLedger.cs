using CredSync.Core.Configuration;
using CredSync.Host.Issue;
using CredSync.Host.Ledger;
using CredSync.Host.RuleBooks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace CredSync.Host.Commands;

/// <summary>The ledger with the configuration in force, for commands that work on it without starting a worker.</summary>
internal sealed class OpenLedger : IDisposable
{
    private readonly IHost host;

    private OpenLedger(IHost host) => this.host = host;

    public ILedger Ledger => host.Services.GetRequiredService<ILedger>();

    public Configuration Configuration => host.Services.GetRequiredService<ActiveConfiguration>().Current;

    public People.PeopleMerge Merges => host.Services.GetRequiredService<People.PeopleMerge>();

    public People.HeldPeople HeldPeople => host.Services.GetRequiredService<People.HeldPeople>();

    public People.SourceAdmission Admission => host.Services.GetRequiredService<People.SourceAdmission>();

    public People.HandMatching Matching => host.Services.GetRequiredService<People.HandMatching>();

    /// <summary>The configured issuers. Asking what they can do makes no keys and calls nobody.</summary>
    public IssuerRegistry Issuers => host.Services.GetRequiredService<IssuerRegistry>();

    /// <summary>What was minted here.</summary>
    public IIssueJournal Journal => host.Services.GetRequiredService<IIssueJournal>();

    /// <summary>What is known of learners' wallets.</summary>
    public Ledger.Wallets.WalletLedger Wallets => host.Services.GetRequiredService<Ledger.Wallets.WalletLedger>();

    /// <summary>How jobs are begun.</summary>
    public Operations.Jobs.JobDesk Jobs => host.Services.GetRequiredService<Operations.Jobs.JobDesk>();

    /// <summary>How credentials are taken back.</summary>
    public Operations.RevocationDesk Revocations => host.Services.GetRequiredService<Operations.RevocationDesk>();

    public TimeProvider Time => host.Services.GetRequiredService<TimeProvider>();

    /// <summary>Opens it; null, with every finding printed, when the configuration is not good.</summary>
    public static async Task<OpenLedger?> TryAsync(CommandContext context, WorkerSettings settings, Output output, CancellationToken ct)
    {
        IHost? host = context.TryBuild(settings with { Roles = Roles.None, LogToTerminal = false }, output);
        if (host is null)
        {
            return null;
        }

        var open = new OpenLedger(host);
        await open.Ledger.MigrateAsync(ct).ConfigureAwait(false);
        return open;
    }

    /// <summary>The one person with an identifier or subject id.</summary>
    /// <exception cref="UsageException">Nobody, or more than one, has it.</exception>
    public async Task<FoundPerson> PersonAsync(string identifier, CancellationToken ct) =>
        await Ledger.FindPeopleAsync(identifier, ct).ConfigureAwait(false) switch
        {
            [var only] => only,
            [] => throw new UsageException("The ledger knows nobody with this identifier; give an e-mail address, a personnel number, a login name or a subject id as a source spells it."),
            var several => throw new UsageException($"{several.Count} people have this identifier; give the subject id of the one that you mean: {string.Join(", ", several.Select(p => p.Subject))}"),
        };

    /// <summary>Makes sure that a credential is defined.</summary>
    /// <exception cref="UsageException">It is not.</exception>
    public void RequireCredential(string? credential)
    {
        if (credential is not null && Configuration.RuleBook.Find(credential) is null)
        {
            throw new UsageException($"No credential is called '{credential}'; there are: {string.Join(", ", Configuration.RuleBook.Definitions.Select(d => d.Id))}.");
        }
    }

    public void Dispose() => host.Dispose();
}
