using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using CredSync.OpenBadges.Proofs;
using CredSync.OpenBadges.Transparency;

namespace CredSync.Issuers.OpenBadges;

/// <summary>The issuer's transparency log: a tree over the entries that the host keeps, its signed heads, and the proofs that are served from it.</summary>
internal sealed class OpenBadgesLog : IDisposable
{
    /// <summary>Where the newest head is kept.</summary>
    public const string HeadPath = "/log/head";

    /// <summary>Most entries in one answer.</summary>
    public const int Page = 1000;

    // Under load one head stands for many credentials; each is kept for ever.
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(10);
    private readonly SemaphoreSlim growing = new(1, 1);
    private readonly MerkleTree tree = new();

    /// <summary>Gives new entries their positions, signs a head over all of them, and keeps it as the newest and by its size.</summary>
    public async Task PublishAsync(OpenBadgesSigner signer, IIssuerRecords records, DateTimeOffset now, CancellationToken ct)
    {
        KeptDocument? kept = await records.DocumentAsync(HeadPath, ct).ConfigureAwait(false);
        if (kept is not null && now - kept.MadeAt < Between)
        {
            return;
        }

        int size = checked((int)await records.SequenceLogAsync(ct).ConfigureAwait(false));
        if (size == 0 || kept?.Version == size)
        {
            return;
        }

        byte[] root = await WithTreeAsync(size, records, t => t.Root(size), ct).ConfigureAwait(false);
        DateTimeOffset time = new(now.Ticks - (now.Ticks % TimeSpan.TicksPerSecond), TimeSpan.Zero);
        string head = signer.Sign(new LogHead { Log = signer.Facts.Address + "/log", Size = size, Root = root, Time = time });
        var document = new KeptDocument { MediaType = "application/jwt", Content = Encoding.ASCII.GetBytes(head), Version = size, MadeAt = now };
        await records.KeepAsync(string.Create(CultureInfo.InvariantCulture, $"/log/heads/{size}"), document, ct).ConfigureAwait(false);
        await records.KeepAsync(HeadPath, document, ct).ConfigureAwait(false);
    }

    /// <summary>Entries, so that anyone can build the tree: <c>?first=0&amp;count=1000</c>.</summary>
    public static async Task<PublicAnswer?> EntriesAsync(PublicRequest request, IIssuerRecords records, CancellationToken ct)
    {
        int first = Number(request, "first") ?? 0;
        int size = await SizeAsync(records, ct).ConfigureAwait(false);
        int count = Math.Min(Math.Min(Number(request, "count") ?? Page, Page), size - first);
        if (count <= 0)
        {
            return null;
        }

        IReadOnlyList<ReadOnlyMemory<byte>> entries = await records.LogEntriesAsync(first, count, ct).ConfigureAwait(false);
        return Answer(new() { ["first"] = first, ["entries"] = new JsonArray([.. entries.Select(static e => (JsonNode)Convert.ToHexStringLower(e.Span))]) });
    }

    /// <summary>The proof that a later head has everything that an earlier one had: <c>?from=10&amp;to=20</c>.</summary>
    public async Task<PublicAnswer?> ConsistencyAsync(PublicRequest request, IIssuerRecords records, CancellationToken ct)
    {
        int size = await SizeAsync(records, ct).ConfigureAwait(false);
        if (Number(request, "from") is not { } from || Number(request, "to") is not { } to || from < 1 || to < from || to > size)
        {
            return null;
        }

        IReadOnlyList<byte[]> path = await WithTreeAsync(to, records, t => t.ConsistencyPath(from, to), ct).ConfigureAwait(false);
        return Answer(new() { ["from"] = from, ["to"] = to, ["path"] = new JsonArray([.. path.Select(static h => (JsonNode)Convert.ToHexStringLower(h))]) });
    }

    /// <summary>The receipt of a credential under the newest head; null while it is under none.</summary>
    public async Task<PublicAnswer?> ReceiptAsync(string credentialId, IIssuerRecords records, CancellationToken ct)
    {
        if (await records.DocumentAsync(HeadPath, ct).ConfigureAwait(false) is not { } head
            || await records.CredentialAsync(credentialId, ct).ConfigureAwait(false) is not { } kept
            || await records.LogPositionAsync(kept.IssuanceId, ct).ConfigureAwait(false) is not { } position || position >= head.Version)
        {
            return null;
        }

        int size = (int)head.Version, index = (int)position;
        IReadOnlyList<byte[]> path = await WithTreeAsync(size, records, t => t.InclusionPath(index, size), ct).ConfigureAwait(false);
        return Answer(new LogReceipt { Index = index, Path = path, SignedHead = Encoding.ASCII.GetString(head.Content.Span) }.ToJson());
    }

    public void Dispose() => growing.Dispose();

    private static async Task<int> SizeAsync(IIssuerRecords records, CancellationToken ct) => (int)((await records.DocumentAsync(HeadPath, ct).ConfigureAwait(false))?.Version ?? 0);

    private async Task<T> WithTreeAsync<T>(int size, IIssuerRecords records, Func<MerkleTree, T> read, CancellationToken ct)
    {
        await growing.WaitAsync(ct).ConfigureAwait(false);
        try
        {
            while (tree.Size < size)
            {
                IReadOnlyList<ReadOnlyMemory<byte>> more = await records.LogEntriesAsync(tree.Size, 10_000, ct).ConfigureAwait(false);
                if (more.Count == 0)
                {
                    throw new IssuerException(FaultKind.Broken, "log-entries-missing", "The database of the issue side has fewer log entries than positions were given; restore it from a backup that has them.");
                }

                foreach (ReadOnlyMemory<byte> entry in more)
                {
                    tree.Append(entry.Span);
                }
            }

            return read(tree);
        }
        finally
        {
            growing.Release();
        }
    }

    private static int? Number(PublicRequest request, string name) =>
        request.Query.TryGetValue(name, out string? text) && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;

    private static PublicAnswer Answer(JsonObject json) => new() { MediaType = "application/json", Content = CredentialJson.Write(json), MaxAge = TimeSpan.FromMinutes(1) };
}
