namespace CredSync.Host.Operations.Access;

/// <summary>What somebody without a session sees.</summary>
internal static class SignInPage
{
    public static string Html(bool refused) => Page(
        $"""
        <p>{(refused ? "This link was used already, or a newer one was made." : "Nothing is shown without a sign-in.")}</p>
        <p>Open the one-time link that the worker printed when it started, or print a fresh one on its machine:</p><p><code>credsync link</code></p>
        """);

    /// <summary>What somebody sees who has signed out, or whom the organisation's sign-in gives no role here.</summary>
    public static string OfOpenId(bool refused) => Page(
        $"""
        <p>{(refused ? "You were not let in: the sign-in did not come to its end, or this account has no role here. Ask an admin for a group." : "You are signed out.")}</p><p><a href="/sign-in">Sign in</a></p>
        """);

    private static string Page(string body) =>
        $"""
        <!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Sign in · CredSync</title>
        <link rel="stylesheet" href="/assets/credsync.css"></head><body class="sign-in"><main><h1>CredSync</h1>
        {body}</main></body></html>
        """;
}
