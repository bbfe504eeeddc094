using System.CommandLine;
using System.Globalization;
using CredSync.Core.Issuance;
using CredSync.Host.Ledger;
using CredSync.Host.Ledger.Operators;
using CredSync.Host.Operations;
using Spectre.Console;

namespace CredSync.Host.Commands;

/// <summary><c>credsync revoke</c>: takes credentials back; one by its id, or many of a person or definition, which wants <c>--yes</c> after a preview.</summary>
internal static class RevokeCommand
{
    public static Command Create(CommandContext context, CommonOptions options)
    {
        var key = new Argument<string?>("credential") { Description = "An issuance id, its key (definition/subject/occurrence), or the id of the credential itself; left out, all that the options say.", Arity = ArgumentArity.ZeroOrOne };
        var person = new Option<string?>("--person") { Description = "All of this person: an e-mail address, personnel number, login name or subject id." };
        var definition = new Option<string?>("--credential") { Description = "All of this credential definition." };
        var issuer = new Option<string?>("--issuer") { Description = "All of this issuer." };
        var reason = new Option<string>("--reason") { Description = "Why, in one sentence without personal data; it may be published.", Required = true };
        var byHand = new Option<bool>("--by-hand") { Description = "They were revoked at their issuer by hand: only the ledger learns of it." };
        var yes = new Option<bool>("--yes") { Description = "Does it; without, many are only shown." };
        Option<string> who = ActOptions.CreateWho();
        var command = new Command("revoke", "Takes issued credentials back, for good. Example: credsync revoke --person ada@example.com --credential safety-basics --reason 'Issued in error.'") { key, person, definition, issuer, reason, byHand, yes, who };
        options.AddTo(command);
        command.SetAction((parsed, ct) => RunAsync(
            context, options.Settings(parsed),
            new Wish(parsed.GetValue(key), parsed.GetValue(person), parsed.GetValue(definition), parsed.GetValue(issuer), parsed.GetValue(reason) ?? "", parsed.GetValue(byHand), parsed.GetValue(yes), ActOptions.Named(parsed.GetValue(who))),
            options.Output(parsed), ct));
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, WorkerSettings settings, Wish wish, Output output, CancellationToken ct)
    {
        if (wish is { Key: null, Person: null, Definition: null, Issuer: null })
        {
            throw new UsageException("Name a credential, or --person, or --credential, or --issuer: credsync revoke ID --reason '…'");
        }

        if (RevocationDesk.WhyNot(wish.Reason) is { } why)
        {
            throw new UsageException(why);
        }

        using OpenLedger? open = await OpenLedger.TryAsync(context, settings, output, ct).ConfigureAwait(false);
        if (open is null)
        {
            return ExitCodes.Usage;
        }

        RevocableFilter filter = KeyOf(wish.Key) with { Definition = wish.Definition, Issuer = wish.Issuer };
        Guid? person = wish.Person is null ? null : (await open.PersonAsync(wish.Person, ct).ConfigureAwait(false)).Subject;
        IReadOnlyList<IssuanceLine> lines = await open.Revocations.FindAsync(filter, person, ct).ConfigureAwait(false);
        if (lines.Count == 0)
        {
            output.Error(await WhyNoneAsync(open.Ledger, filter, ct).ConfigureAwait(false));
            return ExitCodes.Findings;
        }

        bool acts = wish.Yes || wish.Key is not null;
        (int done, JobLine? job) = acts
            ? await open.Revocations.RevokeManyAsync(lines, string.Join(", ", new[] { wish.Definition, wish.Issuer, person?.ToString() }.OfType<string>()), new RevocationWish(wish.Reason, wish.ByHand, wish.Who), ct).ConfigureAwait(false)
            : (0, null);
        bool[] able = [.. lines.Select(l => open.Revocations.CanRevoke(l, wish.ByHand))];
        if (job is not null)
        {
            output.Write(job, console =>
            {
                JobsCommand.Draw(console, job);
                console.WriteLine($"More than {open.Jobs.ApproveOver} wait for a second person: credsync jobs approve {job.Id} --why '…'");
            });
            return ExitCodes.Done;
        }

        Write(output, lines, able, wish, acts, done);
        return able.All(a => a) ? ExitCodes.Done : ExitCodes.Refused;
    }

    private static void Write(Output output, IReadOnlyList<IssuanceLine> lines, bool[] able, Wish wish, bool acts, int done) => output.Write(
        new
        {
            done,
            changed = acts,
            credentials = lines.Select((l, i) => new { l.Id, l.Definition, l.Subject, l.Issuer, l.State, l.CredentialId, l.EarnedAt, issuerCanRevoke = able[i] }),
        },
        console =>
        {
            foreach (IGrouping<(string Definition, string Issuer, bool Able), IssuanceLine> group in lines.Select((l, i) => (Line: l, Able: able[i])).GroupBy(x => (x.Line.Definition, x.Line.Issuer, x.Able), x => x.Line))
            {
                console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"revoke {group.Key.Definition} by {group.Key.Issuer}: {group.Count():N0}, for example {string.Join(", ", group.Take(3).Select(l => l.Id))}"));
                if (!group.Key.Able)
                {
                    console.WriteLine("  this issuer cannot take credentials back through its interface: they will wait, held, until it is done there by hand and said here with --by-hand");
                }
            }

            console.WriteLine(!acts ? "Nothing was changed; to do this, for good, add --yes."
                : wish.ByHand ? string.Create(CultureInfo.InvariantCulture, $"{done:N0} noted as revoked.")
                : string.Create(CultureInfo.InvariantCulture, $"{done:N0} planned{(done < lines.Count ? $", {lines.Count - done:N0} were under way already" : "")}. The worker sends them to their issuers; without one running: credsync sync"));
        });

    private static async Task<string> WhyNoneAsync(ILedger ledger, RevocableFilter filter, CancellationToken ct)
    {
        IssuanceLine? line = filter.Issuance is { } id ? await ledger.IssuanceAsync(id, ct).ConfigureAwait(false) : null;
        return line?.State switch
        {
            null => "No issued credential is like this; look with: credsync status",
            IssuanceState.Revoked => $"It is revoked already, since {Words.Time(line.RevokedAt)}.",
            IssuanceState.Held or IssuanceState.Planned => $"It has not been sent to its issuer, so there is nothing to revoke; it can be refused with: credsync holds reject {line.Id}",
            _ => "Its issuer refused it, so there is nothing to revoke.",
        };
    }

    private static RevocableFilter KeyOf(string? key)
    {
        if (key is null)
        {
            return new RevocableFilter();
        }

        if (Guid.TryParse(key, CultureInfo.InvariantCulture, out Guid id))
        {
            return new RevocableFilter(id);
        }

        string[] parts = key.Split('/', 3);
        return parts.Length == 3 && Guid.TryParse(parts[1], CultureInfo.InvariantCulture, out Guid subject)
            ? new RevocableFilter(new IssuanceKey(parts[0], subject, parts[2]).Id)
            : new RevocableFilter(CredentialId: key);
    }

    private sealed record Wish(string? Key, string? Person, string? Definition, string? Issuer, string Reason, bool ByHand, bool Yes, string Who);
}
