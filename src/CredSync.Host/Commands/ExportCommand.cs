using System.CommandLine;
using CredSync.Core.Issuance;
using CredSync.Core.Rules;
using CredSync.Host.Ledger;
using CredSync.Issuers;
using Spectre.Console;
using Rule = CredSync.Core.Rules.Rule;

namespace CredSync.Host.Commands;

/// <summary><c>credsync export</c>: a person's credentials, for themselves: as one signed record (CLR 2.0).</summary>
internal static class ExportCommand
{
    public static Command Create(CommandContext context, CommonOptions options)
    {
        var person = new Argument<string>("person") { Description = "Whose: an e-mail address, personnel number, login name or subject id." };
        var clr = new Option<bool>("--clr") { Description = "As one signed learner record, CLR 2.0.", Required = true };
        var issuer = new Option<string?>("--issuer") { Description = "Who signs the record; left out, the first issuer that can." };
        var file = new Option<string>("--out") { Description = "The file to write.", Required = true };
        var act = new ActOptions(required: false);
        var command = new Command("export", "Writes a person's credentials as one signed record. Example: credsync export ada@example.com --clr --out record.json") { person, clr, issuer, file };
        act.AddTo(command);
        options.AddTo(command);
        command.SetAction((parsed, ct) => RunAsync(
            context, options.Settings(parsed), new Wish(parsed.GetValue(person)!, parsed.GetValue(issuer), parsed.GetValue(file)!, act.Who(parsed), act.Why(parsed)), options.Output(parsed), ct));
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, WorkerSettings settings, Wish wish, Output output, CancellationToken ct)
    {
        using OpenLedger? open = await OpenLedger.TryAsync(context, settings, output, ct).ConfigureAwait(false);
        if (open is null)
        {
            return ExitCodes.Usage;
        }

        (string name, ILearnerRecordIssuer signer) = SignerOf(open, wish.Issuer);
        Guid subject = (await open.PersonAsync(wish.Person, ct).ConfigureAwait(false)).Subject;
        await open.Journal.MigrateAsync(ct).ConfigureAwait(false);
        var credentials = new List<(IssuanceLine Line, CredentialDocument Document)>();
        foreach (IssuanceLine line in (await open.Ledger.IssuancesOfAsync(subject, ct).ConfigureAwait(false)).Where(l => l.State == IssuanceState.Issued))
        {
            IReadOnlyList<CredentialDocument> documents = (await open.Journal.FindAsync(line.Id, ct).ConfigureAwait(false))?.Documents ?? [];
            if ((documents.FirstOrDefault(d => d.Extension == "json") ?? documents.FirstOrDefault(d => d.Extension == "jwt")) is { } document)
            {
                credentials.Add((line, document));
            }
        }

        if (credentials.Count == 0)
        {
            output.Error("Nothing that was minted here is held by this person; credentials of remote issuers are exported there.");
            return ExitCodes.Findings;
        }

        DateTimeOffset now = open.Time.GetUtcNow();
        CredentialDocument record;
        try
        {
            record = await signer.CompileAsync(
                new LearnerRecordRequest
                {
                    SubjectId = subject,
                    Name = $"Learner record of {open.Configuration.Organisation.Name}",
                    Credentials = [.. credentials.Select(c => c.Document)],
                    Stacks = [.. StacksOf(open.Configuration.RuleBook, name, [.. credentials.Select(c => c.Line.Definition).Distinct(StringComparer.Ordinal)])],
                    At = new DateTimeOffset(now.Ticks - (now.Ticks % TimeSpan.TicksPerSecond), TimeSpan.Zero),
                },
                ct).ConfigureAwait(false);
        }
        catch (IssuerException e)
        {
            output.Error(e.Message);
            return ExitCodes.Refused;
        }

        await open.Ledger.ActAsync(
            async transaction =>
            {
                await transaction.RecordAsync(new Act(wish.Who, "export", subject.ToString(), wish.Why, $"{credentials.Count} credentials as one record, signed by {name}"), ct).ConfigureAwait(false);
                return true;
            },
            ct).ConfigureAwait(false);
        await File.WriteAllBytesAsync(wish.File, record.Content.ToArray(), ct).ConfigureAwait(false);
        output.Write(
            new { subject, credentials = credentials.Count, file = wish.File, issuer = name },
            console => console.WriteLine($"{credentials.Count} credentials are in {wish.File}, signed by {name}. Anyone can check it with: credsync verify {wish.File}"));
        return ExitCodes.Done;
    }

    private static (string Name, ILearnerRecordIssuer Issuer) SignerOf(OpenLedger open, string? wanted)
    {
        (string Name, ILearnerRecordIssuer Issuer)[] able = [.. open.Issuers.All.Where(i => i.Value is ILearnerRecordIssuer).Select(i => (i.Key, (ILearnerRecordIssuer)i.Value)).OrderBy(i => i.Key, StringComparer.Ordinal)];
        return able.Where(i => wanted is null || i.Name == wanted).ToArray() switch
        {
            [var first, ..] => first,
            _ => throw new UsageException(wanted is null ? "No configured issuer can sign learner records." : $"There is no issuer '{wanted}' that can sign learner records; there are: {string.Join(", ", able.Select(i => i.Name))}."),
        };
    }

    // A credential counts towards another when that one's rule asks for it.
    private static IEnumerable<CredentialStack> StacksOf(RuleBook book, string issuer, string[] held)
    {
        foreach (CredentialDefinition whole in held.Select(book.Find).OfType<CredentialDefinition>())
        {
            CredentialFacts[] parts =
            [
                .. Credentials(whole.Earn).Where(held.Contains).Distinct(StringComparer.Ordinal).Select(book.Find).OfType<CredentialDefinition>().Select(d => d.ToFacts(issuer)),
            ];
            if (parts.Length > 0)
            {
                yield return new CredentialStack(whole.ToFacts(issuer), parts);
            }
        }
    }

    private static IEnumerable<string> Credentials(Rule rule) => (rule is CredentialRule credential ? [credential.Credential] : (string[])[]).Concat(rule.Children.SelectMany(Credentials));

    private sealed record Wish(string Person, string? Issuer, string File, string Who, string Why);
}
