using System.Globalization;
using System.Net;
using System.Text;
using CredSync.OpenBadges.Model;
using CredSync.OpenBadges.Verification;

namespace CredSync.Issuers.OpenBadges;

/// <summary>The pages for people. Plain HTML without scripts; everything that comes from a credential is escaped.</summary>
internal static class OpenBadgesPages
{
    /// <summary>The page of one credential: what was earned, by whom, when, why to believe it, and how to check it oneself.</summary>
    public static string Credential(OpenBadgesShown shown, string address)
    {
        var page = new StringBuilder();
        string path = PathOf(shown.Id, address);
        Begin(page, $"{shown.Name} · {shown.Issuer}");
        page.Append(CultureInfo.InvariantCulture, $"""
            <section class="card head wide" aria-labelledby="name"><img src="{E(path)}.svg" alt="Badge: {E(shown.Name)}" width="176" height="176">
            <div><h1 id="name">{E(shown.Name)}</h1><p class="soft">awarded by {Link(shown.Issuer, shown.IssuerUrl)}</p>{Paragraphs(shown.Description)}</div></section>
            {Verdict(shown)}
            <section class="card" aria-labelledby="facts"><h2 id="facts">The award</h2><dl>
            {Fact("Awarded to", shown.Learner is null ? "the person who showed you this page; their name is not published" : E(shown.Learner))}
            {Fact("Earned on", Day(shown.Earned))}{Fact("Issued on", Day(shown.Issued))}{Fact(shown.HasExpired ? "Expired on" : "Valid until", shown.Expires is null ? "no end" : Day(shown.Expires))}
            {Fact("Result", shown.Result is null ? null : E(shown.Result))}{(shown.RevokedAt is null ? "" : Fact("Revoked on", Day(shown.RevokedAt)))}</dl></section>
            <section class="card" aria-labelledby="criteria"><h2 id="criteria">What it takes</h2>{OpenBadgesMarkdown.Html(shown.Criteria ?? "")}{(shown.CriteriaUrl is null ? "" : $"<p>{Link("The criteria in full", shown.CriteriaUrl)}</p>")}</section>
            """);
        List(page, "skills", "Skills", shown.Skills, "tags");
        List(page, "evidence", "Evidence", shown.Evidence, "");
        Checks(page, shown);
        page.Append(CultureInfo.InvariantCulture, $"""
            <section class="card wide" aria-labelledby="own"><h2 id="own">Keep it, share it, check it yourself</h2><div class="own"><div>
            <ul class="do">{Downloads(shown, path)}<li><a href="{E(LinkedInLink.Of(shown))}" rel="noopener noreferrer">Add to LinkedIn</a></li></ul>
            <p>Do not take this page's word for it. Download the credential and give it to any verifier of Open Badges 3.0, or run:</p>
            <p><code>credsync verify {E(shown.Id)}</code></p>
            <p class="soft">A verifier checks the signature against the keys at {Link("the issuer's key document", $"{address}{(new Uri(address).AbsolutePath == "/" ? OpenBadgesPaths.WellKnownDid : OpenBadgesPaths.Did)}")} and looks the credential up in the issuer's list of revocations.</p></div>
            {QrPicture.Svg(shown.Id, "QR code with the address of this page")}</div></section>
            """);
        End(page, shown.Issuer);
        return page.ToString();
    }

    /// <summary>The page of a definition: what it stands for and how to earn it.</summary>
    public static string Achievement(OpenBadgesOptions options, string address, Achievement achievement)
    {
        var page = new StringBuilder();
        Begin(page, $"{achievement.Name} · {options.Name}");
        page.Append(CultureInfo.InvariantCulture, $"""
            <section class="card head wide" aria-labelledby="name"><img src="{E(PathOf(achievement.Id, address))}/image.svg" alt="Badge: {E(achievement.Name)}" width="176" height="176">
            <div><h1 id="name">{E(achievement.Name)}</h1><p class="soft">awarded by {Link(options.Name, address)}</p>{Paragraphs(achievement.Description)}</div></section>
            <section class="card wide" aria-labelledby="criteria"><h2 id="criteria">What it takes</h2>{OpenBadgesMarkdown.Html(achievement.Criteria.Narrative ?? "")}{(achievement.Criteria.Id is null ? "" : $"<p>{Link("The criteria in full", achievement.Criteria.Id)}</p>")}</section>
            """);
        List(page, "skills", "Skills", [.. achievement.Alignments.Select(static a => new ShownLink(a.TargetName, a.TargetUrl, a.TargetFramework)), .. achievement.Tags.Select(static t => new ShownLink(t, null, null))], "tags");
        End(page, options.Name);
        return page.ToString();
    }

    /// <summary>The issuer's own page.</summary>
    public static string Index(OpenBadgesOptions options, string address, bool hasKeys)
    {
        var page = new StringBuilder();
        Begin(page, options.Name);
        page.Append(CultureInfo.InvariantCulture, $"""
            <section class="card wide"><h1>{E(options.Name)}</h1><p>awards digital badges (Open Badges 3.0) at this address.</p>
            <p>{(hasKeys ? Link("The keys that they are signed with", $"{address}{(new Uri(address).AbsolutePath == "/" ? OpenBadgesPaths.WellKnownDid : OpenBadgesPaths.Did)}") : "Nothing has been signed yet.")}</p></section>
            """);
        End(page, options.Name);
        return page.ToString();
    }

    private static string Verdict(OpenBadgesShown shown)
    {
        (string kind, string title, string sentence) = shown switch
        {
            { RevokedAt: { } at } => ("bad", "Revoked", $"The issuer took this credential back on {Day(at)}. It is not valid. {E(shown.RevocationReason ?? "")}"),
            { HasExpired: true } => ("bad", "Expired", $"This credential was valid until {Day(shown.Expires)}."),
            { Report.Verdict: CredSync.OpenBadges.Verification.Verdict.Verified } => ("good", "Verified", "The signature is the issuer's, nothing was changed, and it is neither revoked nor expired."),
            { Report.Verdict: CredSync.OpenBadges.Verification.Verdict.Refused } => ("bad", "Not valid", E(shown.Report.Checks.First(static c => c.Outcome == VerificationOutcome.Failed).Sentence)),
            _ => ("open", "Not fully checked", E(shown.Report.Checks.First(static c => c.Outcome == VerificationOutcome.NotChecked).Sentence)),
        };
        return $"<section class=\"wide verdict {kind}\" aria-label=\"Verification result\">{title}<p>{sentence}</p></section>";
    }

    private static void Checks(StringBuilder page, OpenBadgesShown shown)
    {
        page.Append("<section class=\"card wide\" aria-labelledby=\"checks\"><h2 id=\"checks\">What was checked</h2><ul class=\"checks\">");
        foreach (VerificationCheck check in shown.Report.Checks)
        {
            string outcome = check.Outcome switch { VerificationOutcome.Passed => "✓ passed", VerificationOutcome.Failed => "✗ failed", _ => "– not checked" };
            page.Append(CultureInfo.InvariantCulture, $"<li><strong>{outcome}</strong><span>{E(check.Name)}: {E(check.Sentence)}</span></li>");
        }

        page.Append(CultureInfo.InvariantCulture, $"</ul><p class=\"soft\">Checked by this server on {shown.CheckedAt.UtcDateTime:yyyy-MM-dd 'at' HH:mm} UTC.</p></section>");
    }

    private static void List(StringBuilder page, string id, string title, IReadOnlyList<ShownLink> links, string style)
    {
        if (links.Count == 0)
        {
            return;
        }

        page.Append(CultureInfo.InvariantCulture, $"<section class=\"card\" aria-labelledby=\"{id}\"><h2 id=\"{id}\">{title}</h2><ul class=\"{style}\">");
        foreach (ShownLink link in links)
        {
            page.Append(CultureInfo.InvariantCulture, $"<li>{Link(link.Name, link.Url)}{(string.IsNullOrEmpty(link.Detail) ? "" : $" <span class=\"soft\">{OpenBadgesMarkdown.Inline(link.Detail)}</span>")}</li>");
        }

        page.Append("</ul></section>");
    }

    private static string Downloads(OpenBadgesShown shown, string path) => string.Concat(shown.Forms.Select((form, i) =>
        $"<li><a {(i == 0 ? "class=\"first\" " : "")}href=\"{E(path)}.{form}\" download>{(i == 0 ? "Download the credential" : $"Download as {form.ToUpperInvariant()}")}</a></li>"));

    private static void Begin(StringBuilder page, string title) => page.Append(CultureInfo.InvariantCulture, $"""
        <!doctype html>
        <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>{E(title)}</title>
        <meta name="robots" content="noindex"><meta name="referrer" content="no-referrer"><style>{OpenBadgesStyle.Css}</style></head>
        <body><a class="skip" href="#main">To the content</a><main id="main">
        """);

    private static void End(StringBuilder page, string issuer) => page.Append(CultureInfo.InvariantCulture, $"</main><footer>Published by {E(issuer)} with CredSync.</footer></body></html>\n");

    private static string Fact(string name, string? value) => value is null ? "" : $"<dt>{name}</dt><dd>{value}</dd>";

    private static string? Day(DateTimeOffset? time) => time is { } t ? $"<time datetime=\"{t.UtcDateTime:yyyy-MM-dd}\">{t.UtcDateTime.ToString("d MMMM yyyy", CultureInfo.InvariantCulture)}</time>" : null;

    // Plain text: each line a paragraph.
    private static string Paragraphs(string text) => string.Concat(text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(static p => $"<p>{E(p)}</p>"));

    private static string Link(string text, string? url) => url is null ? E(text) : $"<a href=\"{E(url)}\" rel=\"noopener noreferrer\">{E(text)}</a>";

    // Relative to the host, so that the page also works where it is looked at under another name than its public one.
    private static string PathOf(string id, string address) => new Uri(address).AbsolutePath.TrimEnd('/') + id[address.Length..];

    private static string E(string text) => WebUtility.HtmlEncode(text);
}
