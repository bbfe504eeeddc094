using System.Globalization;
using System.Runtime.CompilerServices;
using CredSync;
using CredSync.Completions;
using CredSync.Registration;
using CredSync.Sources;

namespace Acme;

/// <summary>Reads completions from Acme: asks for pages and owns the cursor's meaning, nothing else.</summary>
public sealed class AcmeSource(SourceIdentity source, AcmeOptions options, IHttpClientFactory clients) : ICompletionSource, ICheckable
{
    private readonly AcmeClient client = new(source, options, clients);

    /// <inheritdoc />
    public async IAsyncEnumerable<SourcePage> ReadAsync(SourceRead read, [EnumeratorCancellation] CancellationToken ct)
    {
        long after = AcmeCursor.Of(read.Since);
        bool more = true;
        while (more)
        {
            AcmePage page = await client.GetCompletionsAsync(after, ct);
            if (page.Items.Count == 0)
            {
                yield break;
            }

            if (page.Next <= after)
            {
                throw client.Broken("sent a page that does not lead on");
            }

            List<Completion> completions = [];
            List<UnreadableRecord> unreadable = [];
            foreach ((int index, var item) in page.Items.Index())
            {
                (Completion? completion, UnreadableRecord? odd) = AcmeMapping.Map(source.Name, item, string.Create(CultureInfo.InvariantCulture, $"record {index + 1} after {after}"));
                if (completion is not null)
                {
                    completions.Add(completion);
                }
                else if (odd is not null)
                {
                    unreadable.Add(odd);
                }
            }

            after = page.Next;
            more = page.More;
            yield return new SourcePage { Completions = completions, Unreadable = unreadable, Next = AcmeCursor.At(after) };
        }
    }

    /// <inheritdoc />
    public async Task<IReadOnlyList<CheckResult>> CheckAsync(CancellationToken ct)
    {
        try
        {
            AcmeAccount account = await client.GetAccountAsync(ct);
            return
            [
                new("token", CheckOutcome.Passed, "The service accepts the token."),
                account.Rights.Contains("read")
                    ? new("right to read", CheckOutcome.Passed, "The token may read completions.")
                    : new("right to read", CheckOutcome.Failed, "The token may not read completions.", "Give it the right 'read'."),
            ];
        }
        catch (SourceException fault)
        {
            return [new("token", CheckOutcome.Failed, fault.Message, "Do what the sentence says, then check again.")];
        }
    }
}
