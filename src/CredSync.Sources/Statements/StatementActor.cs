using System.Text.Json;
using CredSync.Completions;

namespace CredSync.Sources.Statements;

/// <summary>The one identifier by which a statement names its actor.</summary>
/// <param name="Kind">One of <see cref="IdentifierKinds"/>.</param>
/// <param name="Value">Its value: an address, a lower-case hash, or <c>homePage|name</c>.</param>
/// <param name="Name">The actor's name for people; null when there is none.</param>
internal sealed record StatementActor(string Kind, string Value, string? Name)
{
    /// <summary>Stands for the actor in a natural key, without an address in it.</summary>
    public string Key => AccountName is { } account ? $"{Value[..^account.Length].ToLowerInvariant()}{EmailKey.Within(account.ToLowerInvariant())}" : EmailKey.Within(Value.ToLowerInvariant());

    /// <summary>The part of an account after its home page; null for other kinds.</summary>
    public string? AccountName => Kind == IdentifierKinds.XapiAccount ? Value[(Value.IndexOf('|', StringComparison.Ordinal) + 1)..] : null;

    /// <summary>Reads an actor; null for groups and for nobody in particular.</summary>
    public static StatementActor? Read(JsonElement actor)
    {
        const string MailTo = "mailto:";
        if (actor.Text("objectType") is "Group")
        {
            return null;
        }

        string? name = actor.Text("name");
        if (actor.Text("mbox") is { } mbox)
        {
            // One vendor's page shows the address without its scheme.
            string address = mbox.StartsWith(MailTo, StringComparison.OrdinalIgnoreCase) ? mbox[MailTo.Length..] : mbox;
            return address.Contains('@', StringComparison.Ordinal) ? new StatementActor(IdentifierKinds.Email, address, name) : null;
        }

        if (actor.Text("mbox_sha1sum") is { Length: 40 } hash && hash.All(char.IsAsciiHexDigit))
        {
            return new StatementActor(IdentifierKinds.EmailSha1, hash.ToLowerInvariant(), name);
        }

        return actor.Property("account") is { } account && account.Text("homePage") is { } home && account.Text("name") is { } own
            ? new StatementActor(IdentifierKinds.XapiAccount, $"{home}|{own}", name)
            : actor.Text("openid") is { } openid ? new StatementActor(IdentifierKinds.XapiAccount, $"openid|{openid}", name) : null;
    }
}
