using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using CredSync.OpenBadges.Images;
using CredSync.OpenBadges.Model;
using CredSync.OpenBadges.Proofs;

namespace CredSync.Issuers.OpenBadges;

// What is answered at the public address. Needs no keys: what must be signed was signed where the keys are.
internal sealed partial class OpenBadgesIssuer
{
    // A definition may change from one day to the next; a credential never does, but it may be revoked.
    private static readonly TimeSpan ForDefinitions = TimeSpan.FromHours(1);
    private static readonly TimeSpan ForPictures = TimeSpan.FromDays(1);
    private readonly ConcurrentDictionary<OpenBadgesImage, OpenBadgesPictures> pictures = [];

    public async Task<PublicAnswer?> AnswerAsync(PublicRequest request, IIssuerRecords records, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(records);
        if (request.Method != "GET" || options.Url is null)
        {
            return null;
        }

        string[] parts = request.Path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return parts switch
        {
            [] => await IndexAsync(request, records, ct).ConfigureAwait(false),
            ["issuer"] => Json(IssuerProfile()),
            ["favicon.ico"] => new() { MediaType = "image/png", Content = PictureOf(new() { Name = options.Name, Colour = options.Colour }, OpenBadgesImage.Png).Content, MaxAge = ForPictures },
            ["did.json"] or [".well-known", "did.json"] => await KeptAsync(OpenBadgesPaths.Did, records, ct).ConfigureAwait(false),
            ["jwks.json"] or [".well-known", "jwks.json"] => await KeySetAsync(records, ct).ConfigureAwait(false),
            ["status", _] => await KeptAsync(request.Path, records, ct).ConfigureAwait(false),
            ["achievements", var id] => AnswerAchievement(request, records, id),
            ["achievements", var id, "image.png"] => Picture(records, id, OpenBadgesImage.Png),
            ["achievements", var id, "image.svg"] => Picture(records, id, OpenBadgesImage.Svg),
            ["log"] => await KeptAsync(OpenBadgesLog.HeadPath, records, ct).ConfigureAwait(false),
            ["log", "heads", _] => await KeptAsync(request.Path, records, ct).ConfigureAwait(false),
            ["log", "entries"] => await OpenBadgesLog.EntriesAsync(request, records, ct).ConfigureAwait(false),
            ["log", "consistency"] => await log.ConsistencyAsync(request, records, ct).ConfigureAwait(false),
            ["credentials", var id, "receipt"] => await log.ReceiptAsync($"{PublicBase}/credentials/{id}", records, ct).ConfigureAwait(false),
            ["credentials", var id] => await CredentialAsync(request, records, id, ct).ConfigureAwait(false),
            _ => null,
        };
    }

    private static async Task<PublicAnswer?> KeptAsync(string path, IIssuerRecords records, CancellationToken ct) =>
        await records.DocumentAsync(path, ct).ConfigureAwait(false) is { } kept ? new() { MediaType = kept.MediaType, Content = kept.Content, MaxAge = OpenBadgesStatusLists.TimeToLive } : null;

    private static async Task<PublicAnswer?> KeySetAsync(IIssuerRecords records, CancellationToken ct) => await records.DocumentAsync(OpenBadgesPaths.Did, ct).ConfigureAwait(false) is { } did
        ? new() { MediaType = "application/jwk-set+json", Content = OpenBadgesKeySet.Of(did.Content.Span), MaxAge = OpenBadgesStatusLists.TimeToLive }
        : null;

    private async Task<PublicAnswer?> IndexAsync(PublicRequest request, IIssuerRecords records, CancellationToken ct)
    {
        bool page = OpenBadgesAccept.Choose(request, ["text/html", "application/ld+json", "application/json"]) == "text/html";
        return !page ? Json(IssuerProfile()) : Html(OpenBadgesPages.Index(
            options, PublicBase, await records.DocumentAsync(OpenBadgesPaths.Did, ct).ConfigureAwait(false) is not null));
    }

    private PublicAnswer? AnswerAchievement(PublicRequest request, IIssuerRecords records, string id)
    {
        if (records.Definition(id) is not { } facts)
        {
            return null;
        }

        Achievement achievement = OpenBadgesMapping.Achievement(facts, PublicBase);
        return OpenBadgesAccept.Choose(request, ["application/ld+json", "application/json", "text/html"]) == "text/html"
            ? Html(OpenBadgesPages.Achievement(options, PublicBase, achievement))
            : Json(WithContext(achievement.ToJson()));
    }

    private PublicAnswer? Picture(IIssuerRecords records, string definition, OpenBadgesImage form)
    {
        if (records.Definition(definition) is not { } facts)
        {
            return null;
        }

        CredentialDocument picture = PictureOf(new() { Name = facts.Name, Organisation = options.Name, Colour = facts.Colour ?? options.Colour }, form);
        return new() { MediaType = picture.MediaType, Content = picture.Content, MaxAge = ForPictures };
    }

    private async Task<PublicAnswer?> CredentialAsync(PublicRequest request, IIssuerRecords records, string name, CancellationToken ct)
    {
        (string id, string? extension) = name.LastIndexOf('.') is > 0 and var dot ? (name[..dot], name[(dot + 1)..]) : (name, null);
        if (await records.CredentialAsync($"{PublicBase}/credentials/{id}", ct).ConfigureAwait(false) is not { } kept)
        {
            return null;
        }

        CredentialDocument? json = Find(kept, "json"), token = Find(kept, "jwt");
        string form = extension ?? OpenBadgesAccept.FormOf(request, hasJson: json is not null, hasToken: token is not null);
        return form switch
        {
            "json" when json is not null => Document(json with { MediaType = OpenBadgesAccept.DocumentType(request) }, kept, "json"),
            "jwt" when token is not null => Document(token with { MediaType = OpenBadgesAccept.TokenType(request) }, kept, "jwt"),
            "png" => Baked(kept, records, OpenBadgesImage.Png),
            "svg" => Baked(kept, records, OpenBadgesImage.Svg),
            "html" => await PageAsync(kept, records, request.At, ct).ConfigureAwait(false),
            _ => null,
        };
    }

    private async Task<PublicAnswer> PageAsync(KeptCredential kept, IIssuerRecords records, DateTimeOffset now, CancellationToken ct)
    {
        OpenBadgesShown shown = await OpenBadgesShown.OfAsync(kept, records, PublicBase, now, ct).ConfigureAwait(false);
        return Html(OpenBadgesPages.Credential(shown, PublicBase));
    }

    // The picture is a carrier: what is inside is the credential as it was signed.
    private PublicAnswer Baked(KeptCredential kept, IIssuerRecords records, OpenBadgesImage form)
    {
        string extension = form == OpenBadgesImage.Png ? "png" : "svg";
        if (Find(kept, extension) is { } stored)
        {
            return Document(stored, kept, extension);
        }

        CredentialDocument secured = Find(kept, "json") ?? Find(kept, "jwt")!;
        CredentialDocument picture = PictureOf(OpenBadgesShown.Design(OpenBadgesShown.Read(kept), records, options), form);
        return Document(picture with { Content = CredSync.OpenBadges.Baking.BakedImage.Bake(picture.Content, Encoding.UTF8.GetString(secured.Content.Span)) }, kept, extension);
    }

    private static PublicAnswer Document(CredentialDocument document, KeptCredential kept, string extension) => new()
    {
        MediaType = document.MediaType,
        Content = document.Content,
        MaxAge = OpenBadgesStatusLists.TimeToLive,
        Headers = new Dictionary<string, string>
        {
            ["Content-Disposition"] = $"inline; filename=\"badge-{kept.IssuanceId.ToString("N")[..8]}.{extension}\"",
            ["Vary"] = "Accept",

            // Readable for machines; a search engine has no business with it.
            ["X-Robots-Tag"] = "noindex",
        },
    };

    private string PublicBase => options.Url!.AbsoluteUri.TrimEnd('/');

    private JsonObject IssuerProfile() => WithContext(new Profile
    {
        Id = OpenBadgesIdentity.From(identity, options).Did, Name = options.Name, Url = options.Url!.AbsoluteUri, Email = options.Email,
    }.ToJson());

    private static JsonObject WithContext(JsonObject node)
    {
        node.Insert(0, "@context", new JsonArray(ContextUrls.Credentials, ContextUrls.OpenBadges));
        return node;
    }

    private CredentialDocument PictureOf(BadgeDesign design, OpenBadgesImage form) => pictures.GetOrAdd(form, static f => new OpenBadgesPictures(f)).Of(design)!;

    private static CredentialDocument? Find(KeptCredential kept, string extension) => kept.Credential.Documents.FirstOrDefault(d => d.Extension == extension);

    private static PublicAnswer Json(JsonObject document) => new()
    {
        MediaType = "application/ld+json", Content = CredentialJson.Write(document), MaxAge = ForDefinitions, Headers = new Dictionary<string, string> { ["Vary"] = "Accept" },
    };

    // The only style that runs is the one whose hash stands here; nothing else may load, and nobody may frame the page.
    private static PublicAnswer Html(string page) => new()
    {
        MediaType = "text/html; charset=utf-8",
        Content = Encoding.UTF8.GetBytes(page),
        MaxAge = TimeSpan.FromMinutes(1),
        Headers = new Dictionary<string, string>
        {
            ["Content-Security-Policy"] = $"default-src 'none'; style-src '{OpenBadgesStyle.Hash}'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
            ["Vary"] = "Accept",
            ["X-Robots-Tag"] = "noindex",
        },
    };
}
