namespace CredSync.Issuers.Http;

/// <summary>What hosted issuers need to know of a person, or a refusal that says what is missing without saying whose it is.</summary>
internal static class RecipientFacts
{
    /// <summary>The e-mail address.</summary>
    /// <exception cref="IssuerException"><see cref="FaultKind.Rejected"/>: it is unknown.</exception>
    public static string Email(string who, Recipient recipient) => string.IsNullOrWhiteSpace(recipient.Email)
        ? throw new IssuerException(FaultKind.Rejected, "recipient-email-missing",
            $"{who} awards to e-mail addresses, and none is known of this person: let a source or the directory give one, then release the issuance.")
        : recipient.Email.Trim();

    /// <summary>The name.</summary>
    /// <exception cref="IssuerException"><see cref="FaultKind.Rejected"/>: it is unknown.</exception>
    public static string Name(string who, Recipient recipient) => string.IsNullOrWhiteSpace(recipient.Name)
        ? throw new IssuerException(FaultKind.Rejected, "recipient-name-missing",
            $"{who} writes the name on the credential, and none is known of this person: let a source or the directory give one, then release the issuance.")
        : string.Join(' ', recipient.Name.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    /// <summary>Given name and family name: the last word is the family name; a name of one word leaves a dash for the other.</summary>
    public static (string First, string Last) Names(string who, Recipient recipient)
    {
        string name = Name(who, recipient);
        int last = name.LastIndexOf(' ');
        return last < 0 ? (name, "-") : (name[..last], name[(last + 1)..]);
    }

    /// <summary>The template.</summary>
    /// <exception cref="IssuerException"><see cref="FaultKind.Misconfigured"/>: the definition names none.</exception>
    public static string Template(string who, CredentialFacts credential) => string.IsNullOrWhiteSpace(credential.Template)
        ? throw new IssuerException(FaultKind.Misconfigured, "issuer-template-missing",
            $"{who} awards its own templates, and the credential '{credential.Id}' names none: add 'template' beside the issuer in its file.")
        : credential.Template.Trim();
}
