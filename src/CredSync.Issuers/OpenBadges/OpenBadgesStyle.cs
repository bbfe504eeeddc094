using System.Security.Cryptography;
using System.Text;

namespace CredSync.Issuers.OpenBadges;

/// <summary>The look of the pages: one column on a phone, two on a desk, light or dark as the reader's system says.</summary>
internal static class OpenBadgesStyle
{
    public const string Css =
        """
        :root{color-scheme:light dark;--ground:#f4f5f7;--card:#fff;--ink:#16202c;--soft:#4a5666;--line:#d5dae1;--link:#0b57a4;--good:#0a6b3d;--good-ground:#e3f4ea;--bad:#a01c1c;--bad-ground:#fdeaea;--open:#7a5200;--open-ground:#fff4dc}
        @media (prefers-color-scheme:dark){:root{--ground:#10151c;--card:#18202a;--ink:#e8edf3;--soft:#a9b4c2;--line:#2f3a47;--link:#7db8f5;--good:#6fd39b;--good-ground:#12301f;--bad:#ff9a9a;--bad-ground:#3a1717;--open:#f0c365;--open-ground:#352a10}}
        *{box-sizing:border-box}
        body{margin:0;background:var(--ground);color:var(--ink);font:1rem/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;overflow-wrap:anywhere}
        main{max-width:64rem;margin:0 auto;padding:1.5rem 1rem 3rem;display:grid;gap:1.25rem}
        .skip{position:absolute;left:-200vw}
        .skip:focus{left:1rem;top:.5rem;background:var(--card);padding:.5rem 1rem;z-index:1}
        a{color:var(--link);text-underline-offset:.15em}
        :focus-visible{outline:3px solid var(--link);outline-offset:2px;border-radius:2px}
        .card{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:1.25rem}
        .head{display:grid;gap:1rem;justify-items:center;text-align:center}
        .head img{width:11rem;height:11rem}
        h1{font-size:1.75rem;line-height:1.2;margin:0}
        h2{font-size:1.1rem;margin:0 0 .6rem}
        h3{font-size:1rem;margin:.9rem 0 .4rem}
        p,pre,blockquote,section>ul,section>ol{margin:0 0 .6rem}
        ol{padding-left:1.4rem}
        pre{overflow-x:auto;padding:.6rem .8rem;background:var(--ground);border:1px solid var(--line);border-radius:6px}
        pre code{border:0;padding:0;background:none}
        blockquote{padding-left:.8rem;border-left:3px solid var(--line)}
        hr{border:0;border-top:1px solid var(--line);margin:.9rem 0}
        p:last-child,ul:last-child,dl:last-child{margin-bottom:0}
        .soft{color:var(--soft)}
        .verdict{border-radius:10px;padding:.8rem 1rem;border-left:6px solid;font-weight:600}
        .verdict p{margin:0;font-weight:400}
        .good{background:var(--good-ground);color:var(--good);border-color:var(--good)}
        .bad{background:var(--bad-ground);color:var(--bad);border-color:var(--bad)}
        .open{background:var(--open-ground);color:var(--open);border-color:var(--open)}
        dl{display:grid;grid-template-columns:max-content 1fr;gap:.35rem 1rem;margin:0}
        dt{color:var(--soft)}
        dd{margin:0}
        ul{margin:0;padding-left:1.2rem}
        li{margin:.25rem 0}
        .tags{list-style:none;padding:0;display:flex;flex-wrap:wrap;gap:.5rem}
        .tags li{margin:0;border:1px solid var(--line);border-radius:999px;padding:.2rem .75rem}
        .checks{list-style:none;padding:0}
        .checks li{display:grid;grid-template-columns:6.5rem 1fr;gap:.75rem}
        .checks strong{font-weight:600}
        .do{list-style:none;padding:0;margin-bottom:1rem;display:flex;flex-wrap:wrap;gap:.6rem}
        .do li{margin:0}
        .do a{display:inline-block;min-height:2.75rem;padding:.6rem 1rem;border:1px solid var(--link);border-radius:8px;text-decoration:none}
        .do a.first{background:var(--link);color:var(--card)}
        .qr{width:9rem;height:9rem;display:block;border-radius:8px}
        .own{display:grid;gap:1rem}
        code{font:.9em ui-monospace,"Cascadia Mono",Menlo,monospace;background:var(--ground);border:1px solid var(--line);border-radius:6px;padding:.1rem .4rem}
        footer{max-width:64rem;margin:0 auto;padding:0 1rem 2rem;color:var(--soft);font-size:.9rem}
        @media (max-width:26rem){dl{grid-template-columns:1fr;gap:0}dd{margin-bottom:.5rem}.checks li{grid-template-columns:1fr;gap:0}}
        @media (min-width:48rem){main{grid-template-columns:1fr 1fr;padding-top:2.5rem}.wide{grid-column:1/-1}.head{grid-template-columns:auto 1fr;text-align:left;justify-items:start;align-items:center;gap:1.75rem}.own{grid-template-columns:1fr auto;align-items:start}}
        @media print{body{background:#fff}.do{display:none}}
        """;

    /// <summary>What the Content Security Policy allows: this style and no other.</summary>
    public static string Hash { get; } = $"sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Css)))}";
}
