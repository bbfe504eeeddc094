using static CredSync.Host.Operations.Failures.CauseKind;

namespace CredSync.Host.Operations.Failures;

// What sources tell that cannot be used.
internal static partial class CauseBook
{
    private const string NextPoll = "the next poll takes it in by itself.";

    private static Cause[] Records =>
    [
        new("completion-vanished", Record, PlatformAdmins, "A completion that the platform told of is not there any more.", "Ask whether it was withdrawn or the course was reset; what was issued stays."),
        new("completion-missing", Record, PlatformAdmins, "A completion that is known was not shown by its platform in its last whole reading.", "Ask where it went; with absence: withdraw it counts as withdrawn if it is not shown a day or more later either."),
        new("completions-missing", Record, PlatformAdmins, "Some completions that are known are not shown by the platform any more.", "Usually nothing: people left or contracts ended. Set absence: withdraw in the source's file if it means that they were taken back."),
        new("reading-shrunk", Record, PlatformAdmins, "The platform shows far fewer completions than are known.", "Ask whether the account lost rights or another address is read; nothing was concluded from it."),
        new("completion-without-date", Record, PlatformAdmins, "A completion has no date.", "Look at the course's completion settings; " + NextPoll),
        new("not-completed", Record, PlatformAdmins, "A record of a completion says that nothing was completed.", "Usually nothing; if the learner did finish, look at the course's completion settings."),
        new("course-gone", Record, PlatformAdmins, "A course that was read before is not there any more.", "If it was deleted on purpose, archive this; else restore it."),
        new("course-unknown", Record, Operators, "A course that the source's file names does not exist there.", "Correct the source's file: credsync check."),
        new("course-refused", Record, PlatformAdmins, "The account may not read a course.", "Give the account the right in that course: credsync check names it."),
        new("course-certificates-hidden", Record, PlatformAdmins, "A course has no page for its certificates, so that none can be read.", "Activate certificates in the course, or give the dates in a CSV source; what was issued stays."),
        new("course-not-accessible", Record, PlatformAdmins, "The account may not enter a course.", "Give the account the right in that course: credsync check names it."),
        new("course-report-refused", Record, PlatformAdmins, "The account may not see a course's completion report.", "Give the account the right: credsync check names it."),
        new("course-grades-refused", Record, PlatformAdmins, "The account may not see a course's grades.", "Give the account the right; until then completions come without scores."),
        new("course-groups-refused", Record, PlatformAdmins, "The account may not see all groups of a course.", "Give the account the right; until then learners of other groups are missing."),
        new("course-learners-refused", Record, PlatformAdmins, "The account may not see a course's learners.", "Give the account the right: credsync check names it."),
        new("course-fewer-learners", Record, PlatformAdmins, "A course has far fewer learners than before.", "Ask whether it was reset or the account lost rights; what was issued stays."),
        new("course-idnumber-hidden", Record, PlatformAdmins, "The account may not see learners' personnel numbers.", "Give the account the right; until then people are matched by other identifiers."),
        new("course-without-criteria", Record, PlatformAdmins, "A course has no completion criteria, so nobody completes it.", "Set criteria at the platform, or take the course out of the rules."),
        new("learner-malformed", Record, PlatformAdmins, "A learner's record has fields of another kind than the platform documents.", "Ask which plugin changes it; " + NextPoll),
        new("learner-refused", Record, PlatformAdmins, "The account may not read one learner.", "Usually a suspended account; " + NextPoll),
        new("file-empty", Record, "whoever makes the file", "A file has no rows.", "Ask for a whole one; " + NextPoll),
        new("file-header", Record, "whoever makes the file", "A file's first row does not have the columns that the source's file names.", "Correct the file or the source's 'columns'; " + NextPoll),
        new("file-malformed", Record, "whoever makes the file", "A file cannot be read as what it claims to be.", "Ask for a whole one; " + NextPoll),
        new("row-malformed", Record, "whoever makes the record", "A record cannot be read.", "Correct it where it comes from; " + NextPoll),
        new("row-number-malformed", Record, "whoever makes the record", "A number of a record cannot be read.", "Correct it where it comes from, or the 'decimal' of the source's file; " + NextPoll),
        new("row-passed-unknown", Record, "whoever makes the record", "A record's word for passed is none of those that the source knows.", "Correct it, or add the word to the source's file; " + NextPoll),
        new("row-score-out-of-range", Record, "whoever makes the record", "A score is below its least or above its greatest value.", "Correct it, or the scale in the source's file; " + NextPoll),
        new("row-status-unknown", Record, "whoever makes the record", "A record's status is none of those that the source knows.", "Correct it, or add the word to the source's file; " + NextPoll),
        new("row-time-malformed", Record, "whoever makes the record", "A time of a record cannot be read.", "Correct it, or the format in the source's file; " + NextPoll),
        new("row-time-skipped", Record, "whoever makes the record", "A local time falls into the hour that daylight saving skips.", "Give times with their offset; " + NextPoll),
        new("row-url-malformed", Record, "whoever makes the record", "An address in a record cannot be read.", "Correct it where it comes from; " + NextPoll),
        new("row-without-content", Record, "whoever makes the record", "A record is empty.", "Correct it where it comes from; " + NextPoll),
        new("row-without-course", Record, "whoever makes the record", "A record names no course.", "Correct it where it comes from; " + NextPoll),
        new("row-without-person", Record, "whoever makes the record", "A record names nobody.", "Correct it where it comes from; " + NextPoll),
        new("record-malformed", Record, "whoever makes the record", "A record cannot be read.", "Correct it where it comes from, or the source's file; " + NextPoll),
        new("record-without-person", Record, "whoever makes the record", "A record names nobody.", "Correct it where it comes from, or the source's file; " + NextPoll),
        new("record-without-course", Record, "whoever makes the record", "A record names no course.", "Correct it where it comes from, or the source's file; " + NextPoll),
        new("record-time-malformed", Record, "whoever makes the record", "A time of a record cannot be read.", "Correct it where it comes from, or the source's file; " + NextPoll),
        new("learner-not-visible", Record, PlatformAdmins, "A delivery names a learner whom the account may not see.", "Give the account the right: credsync check names it; the next poll looks again."),
        new("program-unknown", Record, Operators, "A program that the source's file names does not exist there.", "Correct programs in the source's file: credsync check."),
        new("report-unusable", Record, PlatformAdmins, "A report that should spare calls cannot be used.", "Do what credsync check says of it; until then everyone is asked for one by one."),
        new("statement-malformed", Record, PlatformAdmins, "A record store gave something that is no statement.", "Report it to the store's makers."),
        new("statement-without-person", Record, PlatformAdmins, "A statement names a group or nobody.", "Ask whoever sends it to name one person."),
        new("voided-unknown", Record, Operators, "A statement was taken back, and what it said cannot be asked for.", "Give the source an address, or withdraw by hand what came of it."),
        new("adapter-defect", Record, AdapterAuthors, "A source's adapter failed in a way that nobody foresaw.", "Report the log of that moment to its authors."),
        new("malformed-delivery", Record, PlatformAdmins, "A delivery of a webhook cannot be read.", "Compare it with what the platform documents; the next poll brings the completion anyway."),
    ];
}
