using System.Globalization;
using System.Text.Json.Nodes;
using CredSync.Core.Issuance;
using CredSync.Host.Issue;
using CredSync.Host.Ledger;
using CredSync.Host.Ledger.Wallets;
using CredSync.Issuers;

namespace CredSync.Host.Operations.Wallets;

/// <summary>A learner's credentials and profile, for a wallet that they allowed to have them.</summary>
internal sealed class WalletCollection(ILedger ledger, WalletLedger wallets, IIssuerStore store, WalletUploads uploads)
{
    /// <summary>How many credentials an answer has at most.</summary>
    public const int MostOnPage = 100;

    // Who is named in a profile when no credential names them yet.
    private static readonly Guid Subjects = new("0d3b6f1e-94c7-5b0a-8a1d-6e2f7c5b4a90");

    /// <summary>getCredentials (section 6.2.2): what this issuer minted for the person and did not take back, and what wallets handed in; the oldest first.</summary>
    public async Task<PublicAnswer> ListAsync(WalletCall call, WalletGrant grant, CancellationToken ct)
    {
        if (Window(call) is not { } window)
        {
            return WalletAnswers.Problem(400, "invalid_query_parameter", "limit is a whole number from 1, offset one from 0, and since a date with a time and a time zone.");
        }

        List<Kept> all =
        [
            .. (await LinesAsync(call, grant, ct).ConfigureAwait(false)).Select(l => new Kept(l.OutcomeAt!.Value, l.CredentialId!, null)),
            .. (await wallets.CollectedAsync(grant.Subject, ct).ConfigureAwait(false)).Select(c => new Kept(c.StoredAt, c.CredentialId, c)),
        ];
        List<Kept> chosen = [.. all.Where(k => window.Since is null || k.At > window.Since).OrderBy(k => k.At).ThenBy(k => k.Id, StringComparer.Ordinal)];
        var (documents, tokens) = (new JsonArray(), new JsonArray());
        foreach (Kept kept in chosen.Skip(window.Offset).Take(window.Limit))
        {
            (string? json, string? token) = await DocumentAsync(call, kept, ct).ConfigureAwait(false);
            if (json is not null)
            {
                documents.Add(JsonNode.Parse(json));
            }
            else if (token is not null)
            {
                tokens.Add(JsonValue.Create(token));
            }
        }

        return WalletAnswers.Json(
            new JsonObject { ["credential"] = documents, ["compactJwsString"] = tokens },
            headers: new Dictionary<string, string> { ["X-Total-Count"] = chosen.Count.ToString(CultureInfo.InvariantCulture), ["Link"] = Links(call, window, chosen.Count) });
    }

    /// <summary>upsertCredential (section 6.2.3).</summary>
    public async Task<PublicAnswer> UpsertAsync(WalletCall call, WalletGrant grant, CancellationToken ct)
    {
        WalletPerson person = await wallets.PersonAsync(grant.Subject, ct).ConfigureAwait(false);
        return await uploads.TakeAsync(call, grant, person, ct).ConfigureAwait(false);
    }

    /// <summary>getProfile (section 6.2.4): the person under the id that their credentials name them by.</summary>
    public async Task<PublicAnswer> ProfileAsync(WalletCall call, WalletGrant grant, CancellationToken ct)
    {
        WalletPerson person = await wallets.PersonAsync(grant.Subject, ct).ConfigureAwait(false);
        string? id = null;
        if ((await LinesAsync(call, grant, ct).ConfigureAwait(false)).MaxBy(l => l.OutcomeAt) is { } newest)
        {
            (string? json, string? token) = await DocumentAsync(call, new Kept(default, newest.CredentialId!, null), ct).ConfigureAwait(false);
            id = json is not null ? HandedIn.SubjectOf(json) : token is not null ? HandedIn.SubjectOf(HandedIn.PayloadOf(token) ?? "") : null;
        }

        var profile = new JsonObject
        {
            ["@context"] = new JsonArray("https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"),
            ["id"] = id ?? $"urn:uuid:{NameBasedUuid.Create(Subjects, $"{call.Address}|{grant.Subject}")}",
            ["type"] = new JsonArray("Profile"),
        };
        if (person.Name is { } name)
        {
            profile["name"] = name;
        }

        if (person.Email is { } email)
        {
            profile["email"] = email;
        }

        return WalletAnswers.Json(profile);
    }

    private async Task<IEnumerable<IssuanceLine>> LinesAsync(WalletCall call, WalletGrant grant, CancellationToken ct) =>
        (await ledger.IssuancesOfAsync(grant.Subject, ct).ConfigureAwait(false))
        .Where(l => l.State == IssuanceState.Issued && l.Issuer == call.Issuer && l.RevokedAt is null && l is { CredentialId: not null, OutcomeAt: not null });

    private async Task<(string? Json, string? Token)> DocumentAsync(WalletCall call, Kept kept, CancellationToken ct)
    {
        if (kept.Collected is { } collected)
        {
            return collected.MediaType == HandedIn.TokenType ? (null, collected.Content) : (collected.Content, null);
        }

        IReadOnlyList<CredentialDocument> forms = (await store.CredentialAsync(call.Issuer, kept.Id, ct).ConfigureAwait(false))?.Credential.Documents ?? [];
        string? Text(string extension) => forms.FirstOrDefault(f => f.Extension == extension) is { } form ? System.Text.Encoding.UTF8.GetString(form.Content.Span) : null;
        return Text("json") is { } json ? (json, null) : (null, Text("jwt"));
    }

    private static Page? Window(WalletCall call)
    {
        IReadOnlyDictionary<string, string> query = call.Request.Query;
        DateTimeOffset? since = null;
        if (query.TryGetValue("since", out string? text))
        {
            // A plus sign in a query is a blank, and wallets forget to encode it.
            if (!DateTimeOffset.TryParse(text.Replace(' ', '+'), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time) || text.Length < 11)
            {
                return null;
            }

            since = time;
        }

        return Number(query, "limit", MostOnPage) is { } limit and > 0 && Number(query, "offset", 0) is { } offset ? new Page(Math.Min(limit, MostOnPage), offset, since, text) : null;
    }

    private static int? Number(IReadOnlyDictionary<string, string> query, string name, int otherwise) =>
        !query.TryGetValue(name, out string? text) ? otherwise : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;

    private static string Links(WalletCall call, Page page, int total)
    {
        int last = total == 0 ? 0 : (total - 1) / page.Limit * page.Limit;
        string Link(int offset, string relation)
        {
            string since = page.SinceText is null ? "" : $"&since={Uri.EscapeDataString(page.SinceText.Replace(' ', '+'))}";
            return string.Create(CultureInfo.InvariantCulture, $"<{call.Api}/credentials?limit={page.Limit}&offset={offset}{since}>; rel=\"{relation}\"");
        }

        var links = new List<string>();
        if (page.Offset + page.Limit < total)
        {
            links.Add(Link(page.Offset + page.Limit, "next"));
        }

        links.Add(Link(last, "last"));
        links.Add(Link(0, "first"));
        if (page.Offset > 0)
        {
            links.Add(Link(Math.Max(0, Math.Min(page.Offset - page.Limit, last)), "prev"));
        }

        return string.Join(", ", links);
    }

    private sealed record Page(int Limit, int Offset, DateTimeOffset? Since, string? SinceText);

    private sealed record Kept(DateTimeOffset At, string Id, CollectedCredential? Collected);
}
