using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CredSync.Sandbox.Faults;

namespace CredSync.Sandbox.Coursera;

/// <summary>Mints access tokens for the app and checks them.</summary>
internal sealed class CourseraTokens(CourseraWorld world)
{
    public const string Path = "/oauth2/client_credentials/token";
    private const int LifetimeSeconds = 1799;

    private readonly Dictionary<string, DateTimeOffset> _tokens = new(StringComparer.Ordinal);
    private int _minted;

    public PlayAnswer Mint(PlayRequest request, DateTimeOffset now)
    {
        if (request.Method != "POST")
        {
            return CourseraErrors.NoRoute();
        }

        string basic = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(world.AppKey + ":" + world.AppSecret));
        if (request.Headers.Authorization.ToString() != basic)
        {
            return CourseraErrors.BadToken("oauth.v2.InvalidClientIdentifier", "ClientId is Invalid");
        }

        if (request["grant_type"] != "client_credentials")
        {
            return CourseraErrors.BadRequest("Unsupported grant type.");
        }

        _minted++;
        string token = "eyJ" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(world.AppSecret + _minted.ToString(CultureInfo.InvariantCulture))));
        _tokens[token] = now.AddSeconds(LifetimeSeconds);
        return JsonBody.Answer(200, json =>
        {
            json.WriteStartObject();
            json.WriteString("token_type", "Bearer");
            json.WriteString("access_token", token);
            json.WriteString("grant_type", "client_credentials");
            json.WriteNumber("issued_at", now.ToUnixTimeSeconds());
            json.WriteNumber("expires_in", LifetimeSeconds);
            json.WriteEndObject();
        });
    }

    /// <summary>The refusal of a request without a good token; null when it has one. An ended token stays ended.</summary>
    public PlayAnswer? Refuse(PlayRequest request, DateTimeOffset now, PlayFault? fault)
    {
        string header = request.Headers.Authorization.ToString();
        string token = header.StartsWith("Bearer ", StringComparison.Ordinal) ? header[7..] : "";
        if (!_tokens.TryGetValue(token, out DateTimeOffset end))
        {
            return CourseraErrors.BadToken("keymanagement.service.invalid_access_token", "Invalid Access Token");
        }

        if (fault?.Kind == PlayFaultKind.ExpiredToken)
        {
            _tokens[token] = end = now;
        }

        return end <= now ? CourseraErrors.BadToken("keymanagement.service.access_token_expired", "Access Token expired") : null;
    }
}
