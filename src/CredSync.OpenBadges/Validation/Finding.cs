namespace CredSync.OpenBadges.Validation;

/// <summary>Something in a credential that is not as Open Badges 3.0 asks.</summary>
/// <param name="Path">Where, as a JSON path, for example <c>$.credentialSubject.identifier[0].type</c>.</param>
/// <param name="Rule">Which kind of rule it breaks.</param>
/// <param name="Sentence">What is wrong, in one sentence that repeats no value of the credential except type names and property names.</param>
public sealed record Finding(string Path, FindingRule Rule, string Sentence);

/// <summary>Kinds of rules that a credential can break.</summary>
public enum FindingRule
{
    /// <summary>The JSON-LD contexts and their order.</summary>
    Context,

    /// <summary>The <c>type</c> of the credential or of a part.</summary>
    Type,

    /// <summary>A property that must be there is not.</summary>
    Required,

    /// <summary>One value where an array is asked for, or several where one is.</summary>
    Cardinality,

    /// <summary>The wrong JSON kind: a number for a text, a text for an object.</summary>
    Kind,

    /// <summary>A text that is not a date-time with zone, a date, a URI, a language tag or a compact JWS where one is asked for.</summary>
    Format,

    /// <summary>A word outside a fixed vocabulary.</summary>
    Word,

    /// <summary>A property that the class does not allow.</summary>
    Unknown,

    /// <summary>Who it is about: neither <c>id</c> nor <c>identifier</c>.</summary>
    Subject,

    /// <summary>Parts that do not agree with each other.</summary>
    Consistency,
}
