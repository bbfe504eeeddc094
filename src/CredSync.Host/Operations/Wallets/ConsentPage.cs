using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using CredSync.Issuers;

namespace CredSync.Host.Operations.Wallets;

/// <summary>The page on which a learner decides. Plain HTML without scripts; a wallet's own words are escaped and never lead anywhere.</summary>
internal static class ConsentPage
{
    private const string Css =
        """
        :root{color-scheme:light dark;--ground:#f4f5f7;--card:#fff;--ink:#16202c;--soft:#4a5666;--line:#d5dae1;--link:#0b57a4;--bad:#a01c1c}
        @media (prefers-color-scheme:dark){:root{--ground:#10151c;--card:#18202a;--ink:#e8edf3;--soft:#a9b4c2;--line:#2f3a47;--link:#7db8f5;--bad:#ff9a9a}}
        *{box-sizing:border-box}
        body{margin:0;background:var(--ground);color:var(--ink);font:1rem/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;overflow-wrap:anywhere}
        main{max-width:34rem;margin:0 auto;padding:2.5rem 1rem}
        .card{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:1.5rem}
        h1{font-size:1.4rem;line-height:1.25;margin:0 0 .8rem}
        p{margin:0 0 .8rem}
        .soft{color:var(--soft)}
        .bad{color:var(--bad);font-weight:600}
        label{display:block;font-weight:600;margin-bottom:.3rem}
        input{width:100%;min-height:2.75rem;padding:.5rem .75rem;font:1.1rem ui-monospace,"Cascadia Mono",Menlo,monospace;color:var(--ink);background:var(--ground);border:1px solid var(--soft);border-radius:8px}
        .do{display:flex;flex-wrap:wrap;gap:.6rem;margin-top:1.2rem}
        button{min-height:2.75rem;padding:.5rem 1.25rem;font:inherit;color:var(--link);background:none;border:1px solid var(--link);border-radius:8px;cursor:pointer}
        button.first{background:var(--link);color:var(--card)}
        :focus-visible{outline:3px solid var(--link);outline-offset:2px}
        """;

    private static readonly string Style = $"sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Css)))}";

    /// <summary>Asks the learner.</summary>
    public static PublicAnswer Ask(WalletCall call, ConsentWish wish, bool wrong)
    {
        string wallet = new Uri(wish.Redirect).Host;
        var page = new StringBuilder();
        page.Append(CultureInfo.InvariantCulture, $"""
            <h1>Let {E(wish.Client.Name)} collect your credentials?</h1>
            <p>The wallet at <strong>{E(wallet)}</strong> asks to:</p><ul>{string.Concat(wish.Scopes.Where(WalletScopes.Offered.ContainsKey).Select(s => $"<li>{E(WalletScopes.Offered[s])}</li>"))}</ul>
            {(wrong ? "<p class=\"bad\" id=\"wrong\" role=\"alert\">This code is not right, was used already, or has run out. Ask for a new one where you got it.</p>" : "")}
            <form method="post" action="{E(PathOf(call))}">
            {Hidden("response_type", "code")}{Hidden("client_id", wish.Client.Id)}{Hidden("redirect_uri", wish.Redirect)}{Hidden("state", wish.State)}{Hidden("scope", string.Join(' ', wish.Scopes))}
            {Hidden("code_challenge", wish.Challenge)}{Hidden("code_challenge_method", "S256")}
            <label for="claim">Your code</label>
            <p class="soft" id="hint">You get it from those who award your credentials. It works once.</p>
            <input id="claim" name="claim" autocomplete="one-time-code" autocapitalize="characters" spellcheck="false" aria-describedby="hint{(wrong ? " wrong" : "")}"{(wrong ? " aria-invalid=\"true\"" : "")}>
            <div class="do"><button class="first" name="decision" value="allow">Allow</button><button name="decision" value="refuse">Refuse</button></div></form>
            """);
        Uri back = new(wish.Redirect);
        return Html("Allow a wallet", page.ToString(), wrong ? 403 : 200, $"'self' {back.GetLeftPart(UriPartial.Authority)}");
    }

    /// <summary>Says why a learner is not asked.</summary>
    public static PublicAnswer Wrong(string sentence) => Html("Not possible", $"<h1>This cannot be done</h1><p>{E(sentence)}</p>", 400, "'none'");

    private static PublicAnswer Html(string title, string body, int status, string formsGoTo) => new()
    {
        Status = status,
        MediaType = "text/html; charset=utf-8",
        Content = Encoding.UTF8.GetBytes($"""
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>{E(title)}</title>
            <meta name="robots" content="noindex"><meta name="referrer" content="no-referrer"><style>{Css}</style></head>
            <body><main><div class="card">{body}</div></main></body></html>

            """),

        // A browser holds a form to this also where its answer leads on.
        Headers = new Dictionary<string, string> { ["Content-Security-Policy"] = $"default-src 'none'; style-src '{Style}'; base-uri 'none'; form-action {formsGoTo}; frame-ancestors 'none'", ["X-Frame-Options"] = "DENY" },
    };

    private static string Hidden(string name, string value) => $"<input type=\"hidden\" name=\"{name}\" value=\"{E(value)}\">";

    private static string PathOf(WalletCall call) => new Uri(call.Api + WalletDoor.Authorize).AbsolutePath;

    private static string E(string text) => WebUtility.HtmlEncode(text);
}
