using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CredSync.Sandbox.Faults;

namespace CredSync.Sandbox.Edx;

/// <summary>Mints JWTs for the client and checks them. A JWT that is sent as <c>Bearer</c> is not found.</summary>
internal sealed class EdxTokens(EdxWorld world)
{
    private readonly Dictionary<string, DateTimeOffset> _tokens = new(StringComparer.Ordinal);
    private int _minted;

    public PlayAnswer Mint(PlayRequest request, DateTimeOffset now)
    {
        if (request.Method != "POST")
        {
            return EdxErrors.Detail(405, "Method \"" + request.Method + "\" not allowed.");
        }

        if (request["grant_type"] != "client_credentials")
        {
            return EdxErrors.OAuth(400, "unsupported_grant_type");
        }

        string basic = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(world.ClientId + ":" + world.ClientSecret));
        bool inForm = request["client_id"] == world.ClientId && request["client_secret"] == world.ClientSecret;
        if (!inForm && request.Headers.Authorization.ToString() != basic)
        {
            return EdxErrors.OAuth(401, "invalid_client");
        }

        bool jwt = string.Equals(request["token_type"], "jwt", StringComparison.OrdinalIgnoreCase);
        long seconds = (long)world.TokenLifetime.TotalSeconds;
        string token = jwt ? Jwt(now) : "opaque" + (++_minted).ToString(CultureInfo.InvariantCulture);
        _tokens[token] = now + world.TokenLifetime;
        return JsonBody.Answer(200, json =>
        {
            json.WriteStartObject();
            json.WriteString("access_token", token);
            if (request.Path == "/oauth2/v1/access_token")
            {
                // The documented example of edX for Business has a string here.
                json.WriteString("expires_in", seconds.ToString(CultureInfo.InvariantCulture));
            }
            else
            {
                json.WriteNumber("expires_in", seconds);
            }

            json.WriteString("token_type", jwt ? "JWT" : "Bearer");
            json.WriteString("scope", "read write email profile");
            json.WriteEndObject();
        });
    }

    /// <summary>The refusal of a request without a good token, or of one who is not staff; null when it may pass.</summary>
    public PlayAnswer? Refuse(PlayRequest request, DateTimeOffset now, PlayFault? fault)
    {
        string[] header = request.Headers.Authorization.ToString().Split(' ', 2);
        if (header.Length < 2)
        {
            return EdxErrors.Detail(401, "Authentication credentials were not provided.");
        }

        bool isJwt = header[1].Contains('.', StringComparison.Ordinal);
        if (header[0] != (isJwt ? "JWT" : "Bearer") || !_tokens.TryGetValue(header[1], out DateTimeOffset end))
        {
            return EdxErrors.Developer(401, "token_nonexistent", "The provided access token does not match any valid tokens.");
        }

        if (fault?.Kind == PlayFaultKind.ExpiredToken)
        {
            _tokens[header[1]] = end = now;
        }

        return end <= now ? EdxErrors.Detail(401, "Token has expired.")
            : world.IsStaff ? null
            : EdxErrors.Detail(403, "You do not have permission to perform this action.");
    }

    private string Jwt(DateTimeOffset now)
    {
        string head = Base64Url.EncodeToString("""{"alg":"HS256","typ":"JWT"}"""u8);
        string payload = Base64Url.EncodeToString(Encoding.UTF8.GetBytes(string.Create(
            CultureInfo.InvariantCulture, $$"""{"iss":"{{world.PublicAddress}}/oauth2","iat":{{now.ToUnixTimeSeconds()}},"exp":{{(now + world.TokenLifetime).ToUnixTimeSeconds()}},"jti":"{{++_minted}}"}""")));
        byte[] signature = HMACSHA256.HashData(Encoding.UTF8.GetBytes(world.ClientSecret), Encoding.ASCII.GetBytes(head + "." + payload));
        return head + "." + payload + "." + Base64Url.EncodeToString(signature);
    }
}
