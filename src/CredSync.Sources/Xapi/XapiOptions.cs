using System.ComponentModel.DataAnnotations;
using CredSync.Registration;

namespace CredSync.Sources.Xapi;

/// <summary>Settings of a learning record store.</summary>
internal sealed class XapiOptions : IValidatableObject
{
    /// <summary>Address of the store, as it stands before <c>/statements</c>. Default none: nothing is polled, statements only arrive.</summary>
    [Setting("address", "Address of the store, as it stands before /statements; left out, nothing is polled and statements only arrive.", Example = "https://lrs.example.org/xapi")]
    public Uri? Address { get; set; }

    /// <summary>The key of the store's Basic credentials; needed with an address.</summary>
    [Setting("key", "The key of the store's Basic credentials; needed with an address.", Example = "env:LRS_KEY")]
    public Secret? Key { get; set; }

    /// <summary>The secret of the store's Basic credentials; needed with an address.</summary>
    [Setting("secret", "The secret of the store's Basic credentials; needed with an address.", Example = "env:LRS_SECRET")]
    public Secret? Secret { get; set; }

    /// <summary>Verbs that stand for a completion. Default completed, passed, satisfied and mastered.</summary>
    [Setting("verbs", "IRIs of the verbs that stand for a completion.")]
    public IReadOnlyList<string> Verbs { get; set; } =
    [
        "http://adlnet.gov/expapi/verbs/completed", "http://adlnet.gov/expapi/verbs/passed", "https://w3id.org/xapi/adl/verbs/satisfied", "http://adlnet.gov/expapi/verbs/mastered",
    ];

    /// <summary>Types of activities that are courses. Default those of xAPI and cmi5.</summary>
    [Setting("types", "IRIs of the types of activities that are courses; quizzes and videos use the same verbs.")]
    public IReadOnlyList<string> Types { get; set; } = ["http://adlnet.gov/expapi/activities/course", "https://w3id.org/xapi/cmi5/activitytype/course"];

    /// <summary>Whether activities without a type count as courses. Default false.</summary>
    [Setting("untyped", "Whether activities that have no type count as courses.")]
    public bool Untyped { get; set; }

    /// <summary>What stands before the course's key in the activity's id; other activities are passed over. Default none: the whole id is the key.</summary>
    [Setting("key_after", "What stands before the course's key in an activity's id; activities without it, or with more parts after it, are passed over. Left out, the whole id is the key.", Example = "/courserun/")]
    public string? KeyAfter { get; set; }

    /// <summary>What the name of an account is. Default a name that means something only with its home page.</summary>
    [Setting("account", "What the name of an actor's account is: one of the store's own, the organisation's id of the person, or a login name.")]
    public XapiAccountName Account { get; set; } = XapiAccountName.Own;

    /// <summary>Whether the actor's name is the person's name. Default true; some producers put a login name there.</summary>
    [Setting("names", "Whether the actor's name is the person's name; some producers put a login name there.")]
    public bool Names { get; set; } = true;

    /// <summary>How long a store that does not say how far it is consistent may take to show a statement. Default 15 minutes.</summary>
    [Setting("delay", "How long a store that does not say how far it is consistent may take to show a statement; so much is read again each time.")]
    [Range(typeof(TimeSpan), "00:00:00", "7.00:00:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan Delay { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>Statements a page, 1 to 1000, default 200; the store may give fewer.</summary>
    [Setting("page_size", "Statements a page; the store may give fewer.")]
    [Range(1, 1000)]
    public int PageSize { get; set; } = 200;

    /// <summary>Whether e-mail addresses may match people across platforms. Default false.</summary>
    [Setting("trust_email", "Whether e-mail addresses may match people across platforms, for example because they come from single sign-on.")]
    public bool TrustEmail { get; set; }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Address is not null && (Key is null || Secret is null))
        {
            yield return new ValidationResult($"A store that is read needs '{(Key is null ? "key" : "secret")}' beside its address.", [nameof(Address)]);
        }

        if (Verbs.Count == 0)
        {
            yield return new ValidationResult("Without a verb no statement is a completion.", [nameof(Verbs)]);
        }

        if (Types.Count == 0 && !Untyped)
        {
            yield return new ValidationResult("Without a type no activity is a course, unless 'untyped' says that those without one are.", [nameof(Types)]);
        }
    }
}

/// <summary>What the name of an xAPI account is.</summary>
internal enum XapiAccountName
{
    /// <summary>A name that means something only with its home page.</summary>
    Own,

    /// <summary>The organisation's own id of the person.</summary>
    ExternalId,

    /// <summary>A login name.</summary>
    Username,
}
