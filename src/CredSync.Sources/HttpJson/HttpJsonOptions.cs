using System.ComponentModel.DataAnnotations;
using CredSync.Registration;

namespace CredSync.Sources.HttpJson;

/// <summary>Settings of a source that reads any JSON API, without code.</summary>
internal sealed class HttpJsonOptions : IValidatableObject
{
    /// <summary>Address of the first page, with whatever query it always needs. Required.</summary>
    [Setting("address", "Address of the first page, with whatever query it always needs.", Required = true, Example = "https://api.example.org/v1/completions?state=done")]
    public Uri? Address { get; set; }

    /// <summary>How the API is told who asks. Default not at all.</summary>
    [Setting("auth", "How the API is told who asks.")]
    public HttpJsonAuth Auth { get; set; }

    /// <summary>Name for basic.</summary>
    [Setting("username", "The name, for auth basic.", Example = "credsync")]
    public string? Username { get; set; }

    /// <summary>Password for basic.</summary>
    [Setting("password", "The password, for auth basic.", Example = "env:API_PASSWORD")]
    public Secret? Password { get; set; }

    /// <summary>Token for bearer, or the key for api-key.</summary>
    [Setting("token", "The token, for auth bearer, or the key, for api-key.", Example = "env:API_TOKEN")]
    public Secret? Token { get; set; }

    /// <summary>Header of an api-key. Default <c>X-API-Key</c>.</summary>
    [Setting("key_header", "The header that carries the key, for auth api-key.")]
    public string KeyHeader { get; set; } = "X-API-Key";

    /// <summary>Where tokens are fetched, for oauth2.</summary>
    [Setting("token_address", "Where tokens are fetched, for auth oauth2 (client credentials).", Example = "https://login.example.org/oauth2/token")]
    public Uri? TokenAddress { get; set; }

    /// <summary>Client id for oauth2.</summary>
    [Setting("client_id", "The client's id, for auth oauth2.", Example = "env:API_CLIENT_ID")]
    public Secret? ClientId { get; set; }

    /// <summary>Client secret for oauth2.</summary>
    [Setting("client_secret", "The client's secret, for auth oauth2.", Example = "env:API_CLIENT_SECRET")]
    public Secret? ClientSecret { get; set; }

    /// <summary>Scope for oauth2; null for none.</summary>
    [Setting("scope", "The scope to ask for, for auth oauth2.")]
    public string? Scope { get; set; }

    /// <summary>Where the list of records stands in an answer. Default the answer itself.</summary>
    [Setting("items", "Where the list of records stands in an answer, as a path such as data.items; left out, the answer is the list.")]
    public string Items { get; set; } = "";

    /// <summary>How further pages are asked for. Default there is one page.</summary>
    [Setting("paging", "How further pages are asked for.")]
    public HttpJsonPaging Paging { get; set; }

    /// <summary>Where the link or the cursor of the next page stands; for next-link left out: the header Link.</summary>
    [Setting("next", "Where the link (next-link; left out: in the header Link) or the cursor (cursor) of the next page stands in an answer.", Example = "paging.next")]
    public string? Next { get; set; }

    /// <summary>Parameter that says which page: by default <c>page</c>, <c>offset</c> or <c>cursor</c>, after the paging.</summary>
    [Setting("page_parameter", "The parameter of the query that says which page; left out, it is called as the paging: page, offset or cursor.")]
    public string? PageParameter { get; set; }

    /// <summary>Number of the first page, for paging page. Default 1.</summary>
    [Setting("first_page", "The number of the first page, for paging page.")]
    [Range(0, 1)]
    public int FirstPage { get; set; } = 1;

    /// <summary>Parameter that says how many records a page; null: none is sent.</summary>
    [Setting("size_parameter", "The parameter of the query that says how many records a page; left out, none is sent.", Example = "per_page")]
    public string? SizeParameter { get; set; }

    /// <summary>Records a page, 1 to 10000, default 100; asked for where there is a <c>size_parameter</c>. The API may give fewer: the end is a page without records.</summary>
    [Setting("page_size", "Records a page, asked for where there is a size_parameter; the API may give fewer.")]
    [Range(1, 10_000)]
    public int PageSize { get; set; } = 100;

    /// <summary>Parameter that asks for what changed since; null: everything is read each time.</summary>
    [Setting("since_parameter", "The parameter of the query that asks for what changed since; needs the field updated_at. Left out, everything is read each time.", Example = "updated_after")]
    public string? SinceParameter { get; set; }

    /// <summary>How that time is written. Default ISO 8601.</summary>
    [Setting("since_format", "How that time is written.")]
    public HttpJsonTime SinceFormat { get; set; } = HttpJsonTime.Iso;

    /// <summary>How far before the newest known change each reading begins. Default one hour.</summary>
    [Setting("overlap", "How far before the newest known change each reading begins, because records may show late.")]
    [Range(typeof(TimeSpan), "00:00:00", "90.00:00:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan Overlap { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Where each field stands in a record. Required.</summary>
    [Setting("fields",
        "Where each field stands in a record, as paths such as user.emails[0]: external_id, sso_uid, email, username, lms_user_id, name, course, run, title, completed_at, passed, score, score_min, score_max, certificate_url, consent, updated_at, key.",
        Required = true, Example = "{ external_id: user.number, course: course.code, completed_at: finished }")]
    public IReadOnlyDictionary<string, string> Fields { get; set; } = new Dictionary<string, string>();

    /// <summary>What a record must say to be a completion: paths with the text that must stand there; all of them. Default every record is one.</summary>
    [Setting("completed_when", "What a record must say to be a completion, as paths with the text that must stand there; other records are passed over.", Example = "{ state: finished }")]
    public IReadOnlyDictionary<string, string> CompletedWhen { get; set; } = new Dictionary<string, string>();

    /// <summary>How times are written in records. Default ISO 8601, with or without a time of day.</summary>
    [Setting("time_format", "How times are written in records.")]
    public HttpJsonTime TimeFormat { get; set; } = HttpJsonTime.Iso;

    /// <summary>The highest score where the record does not tell its own. Default 100.</summary>
    [Setting("score_max", "The highest score where the record does not tell its own: 100 for percentages, 1 for fractions.")]
    [Range(typeof(decimal), "0.0001", "1000000", ParseLimitsInInvariantCulture = true)]
    public decimal ScoreMax { get; set; } = 100;

    /// <summary>Whether e-mail addresses may match people across platforms. Default false.</summary>
    [Setting("trust_email", "Whether e-mail addresses may match people across platforms.")]
    public bool TrustEmail { get; set; }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        // The defaults describe nothing; what must be given is checked as such.
        if (Address is null)
        {
            yield break;
        }

        foreach ((string missing, string member, string sentence) in Needed())
        {
            yield return new ValidationResult($"{sentence} needs '{missing}'.", [member]);
        }

        if (KeyHeader.Length == 0 || KeyHeader.Any(c => !char.IsAsciiLetterOrDigit(c) && !"!#$%&'*+-.^_`|~".Contains(c, StringComparison.Ordinal)))
        {
            yield return new ValidationResult($"'{KeyHeader}' is no name of a header; it has letters, digits and signs such as -, and no spaces.", [nameof(KeyHeader)]);
        }

        foreach ((string field, string path) in Fields)
        {
            if (!HttpJsonFields.All.Contains(field))
            {
                yield return new ValidationResult($"There is no field '{field}'; there is {string.Join(", ", HttpJsonFields.All)}.", [$"{nameof(Fields)}.{field}"]);
            }
            else if (path.Length == 0 || JsonPath.TryParse(path) is null)
            {
                yield return new ValidationResult($"'{path}' is no path; write names joined by dots, and places in lists as [0].", [$"{nameof(Fields)}.{field}"]);
            }
        }

        foreach (string path in CompletedWhen.Keys.Where(p => p.Length == 0 || JsonPath.TryParse(p) is null))
        {
            yield return new ValidationResult($"'{path}' is no path; write names joined by dots, and places in lists as [0].", [$"{nameof(CompletedWhen)}.{path}"]);
        }

        foreach ((string member, string? path) in new[] { (nameof(Items), (string?)Items), (nameof(Next), Next) })
        {
            if (path is not null && JsonPath.TryParse(path) is null)
            {
                yield return new ValidationResult($"'{path}' is no path; write names joined by dots, and places in lists as [0].", [member]);
            }
        }
    }

    private IEnumerable<(string Missing, string Member, string Sentence)> Needed()
    {
        (string Key, string Member, bool IsMissing, bool IsNeeded, string Sentence)[] rules =
        [
            ("username", nameof(Username), Username is null, Auth == HttpJsonAuth.Basic, "auth basic"),
            ("password", nameof(Password), Password is null, Auth == HttpJsonAuth.Basic, "auth basic"),
            ("token", nameof(Token), Token is null, Auth is HttpJsonAuth.Bearer or HttpJsonAuth.ApiKey, "This auth"),
            ("token_address", nameof(TokenAddress), TokenAddress is null, Auth == HttpJsonAuth.Oauth2, "auth oauth2"),
            ("client_id", nameof(ClientId), ClientId is null, Auth == HttpJsonAuth.Oauth2, "auth oauth2"),
            ("client_secret", nameof(ClientSecret), ClientSecret is null, Auth == HttpJsonAuth.Oauth2, "auth oauth2"),
            ("next", nameof(Next), Next is null, Paging == HttpJsonPaging.Cursor, "paging cursor"),
            ("updated_at among 'fields", nameof(Fields), !Fields.ContainsKey(HttpJsonFields.UpdatedAt), SinceParameter is not null, "since_parameter"),
            ("course among 'fields", nameof(Fields), !Fields.ContainsKey(HttpJsonFields.Course), true, "A completion"),
            ("completed_at among 'fields", nameof(Fields), !Fields.ContainsKey(HttpJsonFields.CompletedAt), true, "A completion"),
            ("external_id, sso_uid, lms_user_id, username or email among 'fields", nameof(Fields), !HttpJsonFields.Identifiers.Any(Fields.ContainsKey), true, "A completion"),
        ];
        return rules.Where(r => r.IsNeeded && r.IsMissing).Select(r => (r.Key, r.Member, r.Sentence));
    }
}

/// <summary>How a JSON API is told who asks.</summary>
internal enum HttpJsonAuth
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>HTTP Basic.</summary>
    Basic,

    /// <summary>A bearer token.</summary>
    Bearer,

    /// <summary>A key in a header.</summary>
    ApiKey,

    /// <summary>OAuth 2 client credentials.</summary>
    Oauth2,
}

/// <summary>How further pages are asked for.</summary>
internal enum HttpJsonPaging
{
    /// <summary>There is one page.</summary>
    None,

    /// <summary>By a link that the answer holds.</summary>
    NextLink,

    /// <summary>By the page's number.</summary>
    Page,

    /// <summary>By the number of records before it.</summary>
    Offset,

    /// <summary>By a cursor that the answer holds.</summary>
    Cursor,
}

/// <summary>How a time is written.</summary>
internal enum HttpJsonTime
{
    /// <summary>ISO 8601, a date alone or with a time of day; without an offset it is UTC.</summary>
    Iso,

    /// <summary>Seconds since 1970.</summary>
    EpochSeconds,

    /// <summary>Milliseconds since 1970.</summary>
    EpochMilliseconds,
}

/// <summary>The fields of a record.</summary>
internal static class HttpJsonFields
{
    public const string Course = "course";
    public const string CompletedAt = "completed_at";
    public const string UpdatedAt = "updated_at";

    /// <summary>Identifiers, strongest first.</summary>
    public static readonly IReadOnlyList<string> Identifiers = ["external_id", "sso_uid", "lms_user_id", "username", "email"];

    public static readonly IReadOnlyList<string> All =
        [.. Identifiers, "name", Course, "run", "title", CompletedAt, "passed", "score", "score_min", "score_max", "certificate_url", "consent", UpdatedAt, "key"];
}
