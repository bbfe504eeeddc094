using System.Text.Json.Nodes;
using CredSync.OpenBadges.Proofs;
using CredSync.OpenBadges.Validation;

namespace CredSync.OpenBadges.Verification;

/// <summary>Whether a credential is valid now.</summary>
internal static class DateCheck
{
    public static VerificationCheck Check(JsonObject credential, VerificationSession session)
    {
        string? from = CredentialFacts.Text(credential, "validFrom");
        string? until = CredentialFacts.Text(credential, "validUntil");
        if (from is null || !ValueFormats.TryTime(from, out DateTimeOffset begins))
        {
            // A status list may leave its beginning out; the schema says where it must be given.
            return credential.ContainsKey("validFrom")
                ? Result(VerificationOutcome.Failed, "The date from which it is valid cannot be read.")
                : until is null ? Result(VerificationOutcome.NotChecked, "The credential does not say from when it is valid.") : End(until, session);
        }

        return begins > session.Now + session.Options.Tolerance
            ? Result(VerificationOutcome.Failed, "The credential is not valid yet.")
            : until is null ? Result(VerificationOutcome.Passed, "The credential is valid and does not expire.") : End(until, session);
    }

    private static VerificationCheck End(string until, VerificationSession session) => !ValueFormats.TryTime(until, out DateTimeOffset ends)
        ? Result(VerificationOutcome.Failed, "The date until which it is valid cannot be read.")
        : ends < session.Now
            ? Result(VerificationOutcome.Failed, "The credential has expired.")
            : Result(VerificationOutcome.Passed, "The credential is valid now.");

    private static VerificationCheck Result(VerificationOutcome outcome, string sentence) => new(CheckNames.Dates, outcome, sentence);
}
