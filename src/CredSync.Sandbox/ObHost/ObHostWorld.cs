namespace CredSync.Sandbox.ObHost;

/// <summary>A learner's wallet at a play Open Badges host: its token and the credentials that were handed to it.</summary>
public sealed class ObHostWorld
{
    private readonly Dictionary<(string Issuer, string Id), string> _credentials = [];

    /// <summary>An access token that does not end.</summary>
    public string Token { get; init; } = "northwind-play-host";

    /// <summary>The client's id, for tokens by client credentials or refresh token.</summary>
    public string ClientId { get; init; } = "northwind-client";

    /// <summary>The client's secret.</summary>
    public string ClientSecret { get; init; } = "northwind-client-secret";

    /// <summary>The refresh token of somebody who consented.</summary>
    public string RefreshToken { get; init; } = "northwind-refresh-token";

    /// <summary>Whether the token covers <c>credential.upsert</c>. False: handing over answers 403.</summary>
    public bool MayUpsert { get; set; } = true;

    /// <summary>How long tokens live that are minted. Default one hour.</summary>
    public TimeSpan TokenLifetime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>The credentials as they were handed over, JSON or compact JWS, the newest of each issuer and id.</summary>
    public IReadOnlyList<string> Credentials
    {
        get
        {
            lock (Gate)
            {
                return [.. _credentials.Values];
            }
        }
    }

    internal Lock Gate { get; } = new();

    /// <returns>Whether it is new.</returns>
    internal bool Upsert(string issuer, string id, string credential)
    {
        bool isNew = !_credentials.ContainsKey((issuer, id));
        _credentials[(issuer, id)] = credential;
        return isNew;
    }
}
