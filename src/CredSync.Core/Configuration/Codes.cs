namespace CredSync.Core.Configuration;

/// <summary>Every kind of finding. A code never changes its meaning; each has an entry in <c>docs/lint.md</c>.</summary>
internal static class Codes
{
    public static readonly FindingCode Syntax = new("CFG001", Severity.Error, "Not YAML");
    public static readonly FindingCode Tab = new("CFG002", Severity.Error, "Tab as indentation");
    public static readonly FindingCode TooLong = new("CFG003", Severity.Error, "File too long");
    public static readonly FindingCode TooDeep = new("CFG004", Severity.Error, "Nested too deep");
    public static readonly FindingCode Anchor = new("CFG005", Severity.Error, "Anchor or alias");
    public static readonly FindingCode Tag = new("CFG006", Severity.Error, "Tag");
    public static readonly FindingCode SeveralDocuments = new("CFG007", Severity.Error, "More than one document");
    public static readonly FindingCode Empty = new("CFG008", Severity.Error, "Empty file");
    public static readonly FindingCode DuplicateKey = new("CFG009", Severity.Error, "Key written twice");
    public static readonly FindingCode UnknownKey = new("CFG010", Severity.Error, "Unknown key");
    public static readonly FindingCode MissingKey = new("CFG011", Severity.Error, "Missing key");
    public static readonly FindingCode WrongKind = new("CFG012", Severity.Error, "Wrong kind of value");
    public static readonly FindingCode NoValue = new("CFG013", Severity.Error, "Key without a value");
    public static readonly FindingCode ImplicitType = new("CFG014", Severity.Error, "Type left to guess");
    public static readonly FindingCode WrongValue = new("CFG015", Severity.Error, "Unreadable value");
    public static readonly FindingCode OutOfRange = new("CFG016", Severity.Error, "Out of range");
    public static readonly FindingCode WrongChoice = new("CFG017", Severity.Error, "Not one of the choices");
    public static readonly FindingCode WrongName = new("CFG018", Severity.Error, "Not a name");
    public static readonly FindingCode WrongKeys = new("CFG019", Severity.Error, "Keys that do not go together");
    public static readonly FindingCode UnknownOverride = new("CFG020", Severity.Error, "Override of nothing");
    public static readonly FindingCode StrayFile = new("CFG021", Severity.Warning, "File that is not read");
    public static readonly FindingCode MissingFile = new("CFG022", Severity.Error, "Missing file");
    public static readonly FindingCode DuplicateName = new("CFG023", Severity.Error, "Name used twice");
    public static readonly FindingCode FileName = new("CFG024", Severity.Warning, "File named differently");
    public static readonly FindingCode UnknownAdapter = new("CFG025", Severity.Error, "Unknown adapter");
    public static readonly FindingCode NoWebhooks = new("CFG026", Severity.Error, "Adapter without webhooks");
    public static readonly FindingCode UnprovenWebhook = new("CFG027", Severity.Error, "Deliveries that nobody vouches for");
    public static readonly FindingCode InlineSecret = new("CFG030", Severity.Error, "Secret in the file");
    public static readonly FindingCode SecretReference = new("CFG031", Severity.Error, "Broken reference to a secret");

    public static readonly FindingCode UnknownIssuer = new("RUL001", Severity.Error, "Unknown issuer");
    public static readonly FindingCode UnknownSource = new("RUL002", Severity.Error, "Unknown source");
    public static readonly FindingCode UnknownCredential = new("RUL003", Severity.Error, "Unknown credential");
    public static readonly FindingCode Cycle = new("RUL004", Severity.Error, "Credentials in a circle");
    public static readonly FindingCode UnknownTag = new("RUL005", Severity.Error, "Unknown tag");
    public static readonly FindingCode TooMany = new("RUL006", Severity.Error, "More asked for than there is");
    public static readonly FindingCode ScoreUnit = new("RUL007", Severity.Error, "Score without a unit");
    public static readonly FindingCode EmptyRange = new("RUL008", Severity.Error, "Dates the wrong way round");
    public static readonly FindingCode ImpossibleScore = new("RUL009", Severity.Error, "Score that nobody reaches");
    public static readonly FindingCode Renewal = new("RUL010", Severity.Error, "Renewal that does not fit");
    public static readonly FindingCode Occurrence = new("RUL011", Severity.Error, "Occurrence that does not fit the rule");
    public static readonly FindingCode NeverEarned = new("RUL012", Severity.Error, "Rule that can never be fulfilled");
    public static readonly FindingCode LookAlike = new("RUL013", Severity.Warning, "Credentials that look alike");
    public static readonly FindingCode NoTests = new("RUL014", Severity.Note, "Rule without a test");
    public static readonly FindingCode FailedTest = new("RUL015", Severity.Error, "Failed test");
    public static readonly FindingCode TestTime = new("RUL016", Severity.Error, "Test that looks ahead");
    public static readonly FindingCode AnyCourse = new("RUL017", Severity.Warning, "Any course earns it");
    public static readonly FindingCode Repeated = new("RUL018", Severity.Warning, "Condition written twice");
    public static readonly FindingCode IssuerTwice = new("RUL019", Severity.Error, "Issuer named twice");
    public static readonly FindingCode UnusedTag = new("RUL020", Severity.Note, "Tag that no rule uses");

    public static readonly FindingCode NeverSeen = new("RUL021", Severity.Warning, "Course never seen");
    public static readonly FindingCode NoTemplate = new("RUL022", Severity.Error, "Template that the issuer needs");
    public static readonly FindingCode NoExpiry = new("RUL023", Severity.Error, "Expiry that the issuer cannot keep");
    public static readonly FindingCode NoRevocation = new("RUL024", Severity.Error, "Revocation that the issuer cannot do");
    public static readonly FindingCode NoAddresses = new("RUL025", Severity.Warning, "Addresses that the issuer needs");
    public static readonly FindingCode NoScore = new("RUL026", Severity.Error, "Score that the source does not give");

    public static readonly FindingCode DirectoryFile = new("DIR001", Severity.Error, "Directory that cannot be read");
    public static readonly FindingCode DirectoryColumn = new("DIR002", Severity.Error, "Column that the directory does not have");
    public static readonly FindingCode DirectoryRow = new("DIR003", Severity.Warning, "Row that is left out");
    public static readonly FindingCode DirectoryShared = new("DIR004", Severity.Warning, "Identifier of two people");

    /// <summary>All of them, by code.</summary>
    public static IReadOnlyList<FindingCode> All { get; } =
    [
        Syntax, Tab, TooLong, TooDeep, Anchor, Tag, SeveralDocuments, Empty, DuplicateKey, UnknownKey, MissingKey, WrongKind, NoValue, ImplicitType,
        WrongValue, OutOfRange, WrongChoice, WrongName, WrongKeys, UnknownOverride, StrayFile, MissingFile, DuplicateName, FileName, UnknownAdapter, NoWebhooks, UnprovenWebhook,
        InlineSecret, SecretReference, UnknownIssuer, UnknownSource, UnknownCredential, Cycle, UnknownTag, TooMany, ScoreUnit, EmptyRange, ImpossibleScore,
        Renewal, Occurrence, NeverEarned, LookAlike, NoTests, FailedTest, TestTime, AnyCourse, Repeated, IssuerTwice, UnusedTag, NeverSeen,
        NoTemplate, NoExpiry, NoRevocation, NoAddresses, NoScore,
        DirectoryFile, DirectoryColumn, DirectoryRow, DirectoryShared,
    ];
}
