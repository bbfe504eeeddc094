using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace CredSync.Adapters.Tests.Sources.EdxBusiness;

/// <summary>The reports of edX for Business behind a message handler.</summary>
internal sealed class ScriptedEdxBusiness : HttpMessageHandler
{
    public const string Secret = "business-secret-7";
    public const string Token = "head.business-token.sign";

    public List<JsonObject> Rows { get; } = [];

    public int PageSize { get; init; } = 2;

    public bool Stuck { get; init; }

    public Func<string, HttpResponseMessage?> Instead { get; set; } = _ => null;

    public static JsonObject Row(int id, string? passed, string run = "course-v1:NorthX+DATA101+2026_T1") => new()
    {
        ["enterprise_enrollment_id"] = id,
        ["is_consent_granted"] = true,
        ["course_key"] = "NorthX+DATA101",
        ["courserun_key"] = run,
        ["course_title"] = "Practical Data Cleaning",
        ["has_passed"] = passed is not null,
        ["passed_date"] = passed,
        ["current_grade"] = 0.93,
        ["user_email"] = $"p{id}@example.org",
        ["user_username"] = $"user{id}",
        ["enterprise_sso_uid"] = $"NW-{id}",
        ["enterprise_user_id"] = 500000 + id,
    };

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        string asked = request.RequestUri!.PathAndQuery;
        if (Instead(asked) is { } answer)
        {
            return answer;
        }

        if (asked == "/oauth2/v1/access_token")
        {
            string form = await request.Content!.ReadAsStringAsync(cancellationToken);
            return form.Contains($"client_secret={Secret}", StringComparison.Ordinal) && form.Contains("token_type=jwt", StringComparison.Ordinal)
                ? Json(new JsonObject { ["access_token"] = Token, ["expires_in"] = "180" })
                : new(HttpStatusCode.Unauthorized);
        }

        if (request.Headers.Authorization?.ToString() != "JWT " + Token)
        {
            return new(HttpStatusCode.Unauthorized);
        }

        if (!request.Headers.Accept.ToString().Contains("json", StringComparison.Ordinal))
        {
            return new(HttpStatusCode.OK) { Content = new StringContent("<root/>", Encoding.UTF8, "application/xml") };
        }

        const string Path = "/enterprise/v3/enterprise-customer/e-1/learner-summary";
        if (!asked.StartsWith(Path, StringComparison.Ordinal))
        {
            return new(HttpStatusCode.NotFound);
        }

        int page = asked.Contains("page=", StringComparison.Ordinal) ? int.Parse(asked[(asked.IndexOf("page=", StringComparison.Ordinal) + 5)..], CultureInfo.InvariantCulture) : 1;
        page = Stuck ? Math.Min(page, 2) : page;
        bool more = Stuck || page * PageSize < Rows.Count;
        return Json(new JsonObject
        {
            ["count"] = Rows.Count,
            ["next"] = more ? $"https://api.edx.org{Path}?page={(Stuck ? 2 : page + 1)}" : null,
            ["results"] = new JsonArray([.. Rows.Skip((page - 1) * PageSize).Take(PageSize).Select(r => r.DeepClone())]),
        });
    }

    private static HttpResponseMessage Json(JsonObject body) => new(HttpStatusCode.OK) { Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json") };
}
