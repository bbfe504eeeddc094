using System.ComponentModel.DataAnnotations;
using CredSync.Registration;
using CredSync.Sources.Http;

namespace CredSync.Sources.Csv;

/// <summary>Settings of a CSV source.</summary>
internal sealed class CsvOptions : IValidatableObject
{
    /// <summary>A file, or a folder of files. Required.</summary>
    [Setting("path", "A file, or a folder whose files are read in the order of their names.", Required = true, Example = "/data/completions")]
    public string? Path { get; set; }

    /// <summary>Which files of a folder are read. Default all that end in .csv; sub-folders are not entered.</summary>
    [Setting("files", "Which files of a folder are read, as a pattern with * and ?; sub-folders are not entered.")]
    public string Files { get; set; } = "*.csv";

    /// <summary>Which header stands for which field. A field that is not named here has the header of its own name.</summary>
    [Setting("columns",
        "Which header stands for which field: external_id, sso_uid, email, username, lms_user_id, name, course, run, title, completed_at, status, passed, score, score_min, score_max, certificate_url, key.",
        Example = "{ external_id: Personnel No, course: Course code, completed_at: Date }")]
    public IReadOnlyDictionary<string, string> Columns { get; set; } = new Dictionary<string, string>();

    /// <summary>What separates the fields of a row: one character, <c>tab</c>, or <c>auto</c>, the default, which tells it from the first lines.</summary>
    [Setting("delimiter", "What separates the fields of a row: one character, tab, or auto to tell it from the first lines.", Example = ";")]
    public string Delimiter { get; set; } = "auto";

    /// <summary>How the files are encoded when they do not begin with a byte-order mark. Default UTF-8.</summary>
    [Setting("encoding", "How the files are encoded when they do not begin with a byte-order mark.")]
    public CsvEncoding Encoding { get; set; } = CsvEncoding.Utf8;

    /// <summary>What separates the decimals of scores. Default a point.</summary>
    [Setting("decimal", "What separates the decimals of scores.")]
    public CsvDecimal Decimal { get; set; } = CsvDecimal.Point;

    /// <summary>How completion times are written; null for ISO 8601 dates and times.</summary>
    [Setting("date_format", "How completion times are written, as a .NET format; left out, they are ISO 8601 dates or times.", Example = "dd.MM.yyyy")]
    public string? DateFormat { get; set; }

    /// <summary>The time zone of times that name none. Default UTC.</summary>
    [Setting("time_zone", "The time zone (IANA name) of times that name none.", Example = "Europe/Berlin")]
    public string TimeZone { get; set; } = "UTC";

    /// <summary>The highest score where the row has no score_max. Default 100.</summary>
    [Setting("score_max", "The highest score where the row does not tell its own: 100 for percentages, 1 for fractions.")]
    [Range(typeof(decimal), "0.0001", "1000000", ParseLimitsInInvariantCulture = true)]
    public decimal ScoreMax { get; set; } = 100;

    /// <summary>Rows a page, 1 to 10000, default 1000.</summary>
    [Setting("page_size", "Rows a page; after a crash at most one page is read again.")]
    [Range(1, 10_000)]
    public int PageSize { get; set; } = 1000;

    /// <summary>How long a file must have been left unchanged before it is read. Default 10 seconds.</summary>
    [Setting("settle", "How long a file must have been left unchanged before it is read, so that half a delivery is not taken for a whole one.")]
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan Settle { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Whether the e-mail addresses in the files are confirmed, so that they may match people across platforms. Default false.</summary>
    [Setting("trust_email", "Whether the e-mail addresses in the files are confirmed, so that they may match people across platforms.")]
    public bool TrustEmail { get; set; }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (string field in Columns.Keys.Where(f => !CsvFields.All.Contains(f)))
        {
            yield return new ValidationResult($"There is no field '{field}'; there is {string.Join(", ", CsvFields.All)}.", [$"{nameof(Columns)}.{field}"]);
        }

        if (Delimiter is not ("auto" or "tab") && Delimiter.Length != 1)
        {
            yield return new ValidationResult("The delimiter is one character, tab or auto.", [nameof(Delimiter)]);
        }

        if (DateFormat is { } format && DateFormats.ProblemOf(format) is { } problem)
        {
            yield return new ValidationResult(problem, [nameof(DateFormat)]);
        }

        if (DateFormats.ProblemOfZone(TimeZone) is { } unknown)
        {
            yield return new ValidationResult(unknown, [nameof(TimeZone)]);
        }
    }
}

/// <summary>How a CSV file is encoded.</summary>
internal enum CsvEncoding
{
    /// <summary>UTF-8.</summary>
    Utf8,

    /// <summary>ISO 8859-1, which older spreadsheets write.</summary>
    Latin1,
}

/// <summary>What separates the decimals of a number.</summary>
internal enum CsvDecimal
{
    /// <summary>A point: 92.5.</summary>
    Point,

    /// <summary>A comma, as most of Europe writes it: 92,5.</summary>
    Comma,
}
