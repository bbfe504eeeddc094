using CredSync.Completions;
using CredSync.Registration;
using CredSync.Sources.Statements;

namespace CredSync.Sources.Xapi;

/// <summary>Turns statements into completions, and voiding ones into revocations (source-apis.md section 4.1), whether they were read or pushed.</summary>
internal sealed class XapiReader(SourceIdentity source, XapiClient client, XapiOptions options)
{
    /// <summary>Maps statements.</summary>
    /// <param name="statements">The statements; null for what is none.</param>
    /// <param name="arrived">When they arrived; null when they were read.</param>
    /// <param name="ct">Cancels look-ups.</param>
    public async Task<(IReadOnlyList<Completion> Completions, IReadOnlyList<UnreadableRecord> Unreadable)> MapAsync(IReadOnlyList<Statement?> statements, DateTimeOffset? arrived, CancellationToken ct)
    {
        List<Completion> completions = [];
        List<UnreadableRecord> aside = [];
        foreach (Statement? statement in statements)
        {
            if (statement is null)
            {
                aside.Add(new UnreadableRecord("a statement", "statement-malformed", "The store gave something that is no statement (actor, verb and object): report it to its administrator."));
            }
            else if (statement is { Verb: Statement.Voided, IsReference: true })
            {
                if (options.Address is null)
                {
                    string named = (statement with { Id = statement.ObjectId }).Named;
                    aside.Add(new UnreadableRecord(named, "voided-unknown",
                        $"It was told that {named} was voided, but without an 'address' its content cannot be asked for: withdraw what came of it by hand if it counted."));
                }
                else if (await VoidedAsync(statement, ct).ConfigureAwait(false) is { } revoked)
                {
                    completions.Add(revoked);
                }
            }
            else if (XapiMapping.IsCompletion(statement, options))
            {
                if (statement.Actor is null)
                {
                    aside.Add(new UnreadableRecord(statement.Named, "statement-without-person", $"The store holds {statement.Named} that names a group or nobody: ask its producer to name one person."));
                    continue;
                }

                completions.Add(XapiMapping.Map(source.Name, statement, options, arrived));
            }
        }

        return (completions, aside);
    }

    // One of several statements about the same thing may be voided because it was one too many: what still stands counts.
    private async Task<Completion?> VoidedAsync(Statement voiding, CancellationToken ct)
    {
        Statement? voided = await client.GetVoidedAsync(voiding.ObjectId!, ct).ConfigureAwait(false);
        if (voided?.Actor is null || !XapiMapping.IsCompletion(voided, options))
        {
            return null;
        }

        string key = XapiMapping.KeyOf(voided, options);
        foreach (string verb in options.Verbs)
        {
            if (await client.StandsAsync(voided, verb, s => s.Id != voided.Id && s.Actor is not null && XapiMapping.IsCompletion(s, options) && XapiMapping.KeyOf(s, options) == key, ct).ConfigureAwait(false))
            {
                return null;
            }
        }

        return XapiMapping.Map(source.Name, voided, options) with
        {
            Status = CompletionStatus.Revoked,
            StatusReason = "statement_voided",
            SourceUpdatedAt = voiding.Stored ?? voiding.Timestamp ?? voided.Stored,
            SourceEventId = voiding.Id,
        };
    }
}
