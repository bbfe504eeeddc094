using static CredSync.Host.Operations.Failures.CauseKind;

namespace CredSync.Host.Operations.Failures;

// What goes wrong at the issuers' side.
internal static partial class CauseBook
{
    private static Cause[] Issuers =>
    [
        new("issuer-unreachable", Outage, IssuerAdmins, "The issuer's address does not answer.", "Nothing, if it is known to be down: it is tried again by itself. Else check the address and the network from the worker, then retry one."),
        new("issuer-unwell", Outage, IssuerAdmins, "The issuer answers with an error of its own.", "Look at its status page; it is tried again by itself. If it lasts, tell its administrators the time of the first failure."),
        new("issuer-slow", Outage, IssuerAdmins, "The issuer did not answer in time.", "It is tried again by itself. If it lasts, lower the issuer's rate or ask its administrators."),
        new("issuer-asks-for-patience", Outage, IssuerAdmins, "The issuer's quota or rate limit is used up.", "It is tried again when the issuer says so. If it happens every day, lower the rate in the issuer's file or ask for a larger quota."),
        new("issuer-left-alone", Outage, Operators, "The issuer failed so often that it is left alone for a while; nothing is lost meanwhile.", "Mend what the other failures of this issuer say; it is asked again by itself."),
        new("issuer-outcome-unknown", Doubt, Operators, "The request left and no answer came: the credential may or may not exist.", "Look at the issuer for the issuance id. Retry asks the issuer first where it can be asked; park it when the credential exists there under another id."),
        new("in-doubt", Doubt, Operators, "An earlier attempt began and did not finish, and the issuer cannot be asked.", "Look at the issuer for the issuance id, then retry or park it by hand."),
        new("issuer-answer-unreadable", Outage, AdapterAuthors, "The issuer answered something that its interface does not promise.", "Check the address for a sign-in page or a proxy in between; if there is none, report it to the adapter's authors."),
        new("issuer-token-refused", Configuration, Operators, "The issuer does not accept the token.", "Put a valid token behind the secret that the issuer's file refers to, then retry one."),
        new("issuer-token-expired", Configuration, Operators, "The issuer's token has expired.", "Make a new token at the issuer, put it behind the secret, then retry one."),
        new("issuer-rights-missing", Configuration, IssuerAdmins, "The token is valid and may not do this.", "Give the account the right that the sentence names, then retry one."),
        new("issuer-account-missing", Configuration, Operators, "The issuer knows no account or organisation of this name.", "Correct the account in the issuer's file, then retry one."),
        new("issuer-address-wrong", Configuration, Operators, "Nothing of this issuer is at the address.", "Correct the address in the issuer's file, then retry one."),
        new("issuer-address-missing", Configuration, Operators, "The issuer's file has no address.", "Add it, then retry one."),
        new("issuer-address-unusable", Configuration, Operators, "The issuer's own address cannot be used in a credential.", "Give an https address in the issuer's file, then retry one."),
        new("issuer-name-missing", Configuration, Operators, "The issuer's file has no name for the credential to show.", "Add it, then retry one."),
        new("issuer-did-malformed", Configuration, Operators, "The issuer's identity is not a DID that can be used.", "Correct it in the issuer's file, then retry one."),
        new("issuer-secret-missing", Configuration, Operators, "The secret that the issuer's file refers to is not set.", "Set it where the reference says, start the worker again, then retry one."),
        new("issuer-secret-unusable", Configuration, Operators, "The secret that the issuer's file refers to cannot be used.", "Correct it where the reference says, then retry one."),
        new("issuer-key-unreachable", Outage, Operators, "The vault that keeps the signing key did not sign.", "Look after the vault; what waits goes out by itself when it signs again."),
        new("issuer-key-unusable", Configuration, Operators, "The signing key cannot be used.", "Restore the key file from the backup, readable by the worker's user alone, then retry one. Never make a new key in its place."),
        new("issuer-unknown", Configuration, Operators, "A message names an issuer that this worker's configuration does not have.", "Give all issue workers the same configuration, then retry one."),
        new("bad-configuration", Configuration, Operators, "A setting that the issuer needs is wrong.", "Correct what the sentence names: credsync lint, then retry one."),
        new("issuer-template-missing", Configuration, Authors, "The credential's file names no template for this issuer.", "Add the template's id under 'issue', then retry one."),
        new("issuer-template-unknown", Configuration, Authors, "The issuer has no template of this id.", "Correct the template's id in the credential's file, then retry one."),
        new("issuer-template-draft", Configuration, IssuerAdmins, "The template is not published yet.", "Publish it at the issuer, then retry one."),
        new("issuer-template-archived", Configuration, IssuerAdmins, "The template was archived at the issuer.", "Bring it back there, or name another in the credential's file; then retry one."),
        new("credential-cannot-be-signed", Configuration, Authors, "The credential's facts cannot be made into a valid badge.", "Correct what the sentence names in the credential's file, then retry one."),
        new("badge-colour-malformed", Configuration, Authors, "The badge's colour is not written #rrggbb.", "Correct it in the credential's file, then retry one."),
        new("issuer-refused", Poison, IssuerAdmins, "The issuer refuses this one credential.", "Read its sentence; mend the person's or the credential's data, then retry this one; or archive it."),
        new("issuer-duplicate", Poison, Operators, "The issuer has a credential of this kind for this person already, and CredSync did not make it.", "Compare both at the issuer; archive this one if the other is right."),
        new("recipient-email-missing", Poison, People, "The issuer wants an e-mail address, and none is known of this person.", "Add it at the platform or in the directory; the next poll brings it. Then retry this one."),
        new("recipient-name-missing", Poison, People, "The issuer wants a name, and none is known of this person.", "Add it at the platform or in the directory; the next poll brings it. Then retry this one."),
        new("issuer-revocation-off", Configuration, Operators, "Revocation is not switched on for this issuer.", "Switch it on in the issuer's file, or revoke the credential by hand there."),
        new("issuer-credential-unknown", Poison, IssuerAdmins, "The issuer knows no credential of this id.", "Look for it there by hand; if it was deleted, archive this one."),
        new("issuer-list-endless", Outage, AdapterAuthors, "The issuer's list of credentials does not come to an end.", "Report it to the adapter's authors; it is tried again by itself."),
        new("record-cannot-be-signed", Poison, Operators, "A signed record of credentials cannot be made.", "Correct what the sentence names, then ask for it again."),
        new("credential-not-there", Poison, Operators, "There is nothing at a credential's address.", "Check the address; if it is right, the credential was taken away by whoever served it."),
        new("credential-unreachable", Outage, Operators, "A credential's address does not answer.", "Try again later, or verify the file itself."),
        new("key-document-unreadable", Configuration, Operators, "A key document that was given is not JSON.", "Give the document as its issuer publishes it."),
        new("log-entries-missing", Outage, Operators, "The issue side's database has fewer entries of the log than were given out.", "Restore it from a backup that has them; until then nothing is added."),
        new("issuer-defect", Poison, AdapterAuthors, "The issuer's adapter failed in a way that nobody foresaw.", "Report the log of that moment to its authors. Retry one after an update."),
        new("another-worker-mints", Outage, Operators, "Another worker was at it; should it have died, this one waits until its lease is over.", "Nothing: it settles by itself within minutes."),
        new("unknown-message", Configuration, Operators, "The queue holds a message that this version cannot read.", "Run the same version everywhere, then retry one."),
    ];
}
