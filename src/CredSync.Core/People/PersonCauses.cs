namespace CredSync.Core.People;

/// <summary>The causes for which a completion is held because it is not known who it is about.</summary>
public static class PersonCauses
{
    /// <summary>Its identifiers belong to different people.</summary>
    public const string Ambiguous = "person-ambiguous";

    /// <summary>It has no identifier that is used, or nobody whom the directory does not have may be created.</summary>
    public const string Unknown = "person-unknown";

    /// <summary>Its e-mail address belongs to somebody with another identifier of the same kind.</summary>
    public const string Contradicted = "person-contradicted";

    /// <summary>Its source brought more new people in a day than is plausible.</summary>
    public const string TooManyNew = "too-many-new-people";
}
