using static CredSync.Host.Operations.Failures.CauseKind;

namespace CredSync.Host.Operations.Failures;

// What waits for a person.
internal static partial class CauseBook
{
    private static Cause[] Holds =>
    [
        new("person-unknown", Decision, People, "The completion carries no identifier by which a person can be named.", "List its kind in people.yaml, or match it by hand: credsync holds match."),
        new("person-ambiguous", Decision, People, "The completion's identifiers belong to more than one person.", "Mend the identifiers at the platform, or match it by hand: credsync holds match."),
        new("person-contradicted", Decision, People, "The identifiers of the completion contradict each other.", "Mend them at the platform, or match it by hand: credsync holds match."),
        new("consent-missing", Decision, People, "The person has not consented, and the issuer asks for it.", "Nothing can be issued without it; the next completion with consent frees it, or a person approves it."),
        new("earned-date-unknown", Decision, PlatformAdmins, "The platform says that the course is completed, and not when.", "Look it up there and approve with the day: credsync holds approve with --earned."),
        new("earned-date-in-future", Decision, PlatformAdmins, "The completion is dated ahead of now.", "Mend the platform's clock or the date; it frees itself when the day has come."),
        new("cohort-unknown", Decision, PlatformAdmins, "The credential is earned once a cohort, and the platform does not say which.", "Add the run at the platform; the next poll brings it."),
        new("approval", Decision, "the role that the credential's file names", "The credential wants a person's approval.", "Approve or reject it: credsync holds approve, credsync holds reject."),
        new("revocation-review", Decision, Authors, "The completion behind an issued credential was withdrawn.", "Say whether the credential stays: approve keeps it, reject asks for its revocation."),
        new("revocation-required", Decision, Authors, "The completion behind an issued credential was withdrawn, and the credential's file says that it goes.", "Reject asks for its revocation; approve keeps it against the rule."),
        new("no-longer-earned", Decision, Authors, "It had not left yet, and the rule book in force does not award it any more.", "Nothing: it stays held, and is freed when it is earned again."),
        new("rejected", Decision, Operators, "A person refused it.", "Nothing; the audit says who and why."),
    ];
}
