using System.Collections.Frozen;
using System.Globalization;
using System.Net;
using CredSync.Sandbox.Moodle;

namespace CredSync.Adapters.Tests.Sandbox;

/// <summary>
/// The site that was recorded, built again: its courses, people and enrolments as its README describes them.
/// </summary>
internal static class RecordedMoodle
{
    public const int Full = 3;
    public const int Bare = 4;
    public static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1795439000);

    private static readonly string[] s_learners =
        """
        Håkon|Díaz,Oluwaseun|García,Björn|Jensen,Inés|Müller,Priya|Patel,Chloé|Tanaka,Jürgen|Brown,Quentin|Evans,David|Hansen,Kofi|Kowalska,
        Rosa|Novák,Élise|Ruiz,Łucja|Nguyễn,Søren|O'Connor,Farid|Fischer,Mai|Ito,Tomáš|Lindqvist,Grace|Okafor,Niamh|Smith-Jones,Anna|Brown,
        Håkon|Evans,Oluwaseun|Hansen,Björn|Kowalska,Inés|Novák,Priya|Ruiz,Chloé|Nguyễn,Jürgen|O'Connor,Quentin|Fischer,David|Ito,Kofi|Lindqvist,
        Rosa|Okafor,Élise|Smith-Jones,Łucja|Ahlberg,Søren|Díaz,Farid|García,Mai|Jensen,Tomáš|Müller,Grace|Patel,Niamh|Tanaka,Anna|O'Connor,
        Håkon|Fischer,Oluwaseun|Ito,Björn|Lindqvist,Inés|Okafor,Priya|Smith-Jones,Chloé|Ahlberg,Jürgen|Díaz,Quentin|García,David|Jensen,Kofi|Müller,
        Rosa|Patel,Élise|Tanaka,Łucja|Brown,Søren|Evans,Farid|Hansen,Mai|Kowalska,Tomáš|Novák,Grace|Ruiz,Niamh|Nguyễn,Anna|Díaz
        """.ReplaceLineEndings("").Split(',');

    /// <summary>How many learners, from the first on, are in each course.</summary>
    private static readonly (int Course, int Learners)[] s_sizes = [(3, 50), (4, 45), (5, 30), (6, 25), (7, 10), (8, 10), (9, 5), (2, 60)];

    public static DateTimeOffset At(long seconds) => DateTimeOffset.FromUnixTimeSeconds(seconds);

    public static MoodleWorld Build(MoodleCron cron = MoodleCron.AfterEveryAct, bool withHistory = true)
    {
        MoodleWorld world = new() { Cron = cron };
        world.Site.Name = "CredSync Test Moodle";
        world.Site.ShortName = "csmoodle";
        world.Site.PublicAddress = "https://moodle.example.com";
        world.Site.ThemeRevision = 1795437826;
        AddAccounts(world);
        AddCourses(world);
        AddEnrolments(world);
        AddTokens(world);
        world.Add(new MoodleBadge { Id = 1, Name = "First Aid Certified", Description = "Awarded for First Aid Certified", CourseId = 3 });
        world.Add(new MoodleBadge { Id = 2, Name = "Core Compliance", Description = "Awarded for Core Compliance" });
        world.Add(new MoodleBadge { Id = 3, Name = "ISO Auditor (late badge)", Description = "activated after completions", CourseId = 5, Version = "1" });
        world.Award(new() { BadgeId = 1, UserId = 8, UniqueHash = "fad1ebbf422549c6bc1054805e7ff4eeea0b4e2a", IssuedAt = At(1795437911), ExpiresAt = At(1826973911) });
        world.Award(new() { BadgeId = 2, UserId = 8, UniqueHash = "9f048126e55f4f910bdb618dd79b08c246dd281e", IssuedAt = At(1795437953) });
        world.Award(new() { BadgeId = 1, UserId = 41, UniqueHash = "4dc7ff8ddb86e2dfecc6f5aac3b819e8d3341b73", IssuedAt = At(1795437913), ExpiresAt = At(1826973913) });
        world.Add(new MoodleReport { Id = 1, Name = "Completions feed", CreatedAt = At(1795438757) });
        if (withHistory)
        {
            RecordedHistory.Add(world);
        }

        return world;
    }

    private static void AddAccounts(MoodleWorld world)
    {
        Service(Full, "svc_credsync_full", "Service full", MoodleCapabilities.Full);
        Service(Bare, "svc_credsync_bare", "Service bare", MoodleCapabilities.Bare);
        Service(5, "svc_norest", "Service norest", FrozenSet<string>.Empty);
        Service(6, "svc_suspended", "Service suspended", MoodleCapabilities.Bare, suspended: true);
        Service(7, "svc_unlisted", "Service unlisted", MoodleCapabilities.Full);
        for (int i = 1; i <= s_learners.Length; i++)
        {
            string[] name = s_learners[i - 1].Split('|');
            string number = i.ToString("00", CultureInfo.InvariantCulture);
            world.Add(new MoodleUser
            {
                Id = 7 + i,
                UserName = "learner" + number,
                FirstName = name[0],
                LastName = name[1],
                Email = $"learner{number}@example.com",
                IdNumber = i % 10 == 0 ? "" : "EMP-010" + number,
                Department = (i % 3) switch { 1 => "HR", 2 => "Sales", _ => "Ops" },
                Institution = "Example Ltd",
                City = "Exampletown",
                Country = (i % 3) switch { 1 => "DE", 2 => "IE", _ => "GB" },
                MailDisplay = i == 4 ? 0 : 2,
            });
        }

        world.Add(new MoodleUser { Id = 68, UserName = "teacher01", FirstName = "Tess", LastName = "Teacher", Email = "teacher01@example.com", IdNumber = "TCH-00001" });
        world.Add(new MoodleUser
        {
            Id = 69, UserName = "leaver01", FirstName = "Suspended", LastName = "Person", Email = "leaver01@example.com", IdNumber = "EMP-X-suspended", Suspended = true,
        });
        world.Add(new MoodleUser { Id = 70, UserName = "ghost01", FirstName = "Deleted", LastName = "Person", Email = "ghost01@example.com" });
        world.DeleteUser(70, At(1795438024));
        world.Add(new MoodleUser { Id = 71, UserName = "outsider01", FirstName = "Out", LastName = "Sider", Email = "outsider01@example.com" });

        void Service(int id, string userName, string lastName, IReadOnlySet<string> capabilities, bool suspended = false) => world.Add(new MoodleUser
        {
            Id = id, UserName = userName, FirstName = "CredSync", LastName = lastName, Email = userName + "@example.com", Capabilities = capabilities, Suspended = suspended,
        });
    }

    private static void AddCourses(MoodleWorld world)
    {
        HashSet<int> first = [.. Enumerable.Range(8, 10)];
        HashSet<int> second = [.. Enumerable.Range(18, 10)];
        MoodleCourse safety = Course(2, "SAFETY-101", "Site Safety Induction", grades: (5, 3)) with
        {
            Activities = [Page(1, 1, "Safety handbook")],
            Criteria = [new MoodleCriterion.Self()],
        };

        // The database lists course 6 first, which shows in core_course_get_courses; a prerequisite must be there before.
        world.Add(Course(6, "LEAD-300", "Team Leadership — Führung & Coaching") with { Criteria = [new MoodleCriterion.Role(), new MoodleCriterion.Prerequisite { CourseId = 2 }] });
        world.Add(safety);
        world.Add(Course(3, "FIRSTAID-201", "First Aid at Work", grades: (6, 4)) with
        {
            Activities =
            [
                new() { Id = 2, Instance = 2, Module = "page", Name = "Watch the CPR demo", Tracking = MoodleTracking.Automatic, RequiresView = true },
                Page(3, 3, "Practical sign-off"),
            ],
            Criteria = [new MoodleCriterion.Activity { ActivityId = 2 }, new MoodleCriterion.Activity { ActivityId = 3 }],
            Groups = [new() { Id = 1, Name = "Group 1", Members = first }, new() { Id = 2, Name = "Group 2", Members = second }],
        });
        world.Add(Course(4, "DATAPRIV-110", "Data Protection Essentials", grades: (1, 1)) with
        {
            Activities =
            [
                new()
                {
                    Id = 4, Instance = 1, Module = "assign", Name = "Data protection test", Tracking = MoodleTracking.Automatic, RequiresGrade = true,
                    RequiresPassGrade = true, GradeMax = 100, GradePass = 60, GradeItemId = 2,
                },
            ],
            Criteria = [new MoodleCriterion.Grade { Required = 60 }],
        });
        world.Add(Course(5, "ISO9001-300", "ISO 9001 Internal Auditor", grades: (3, 2)) with
        {
            Activities =
            [
                new()
                {
                    Id = 5, Instance = 2, Module = "assign", Name = "Audit report", Tracking = MoodleTracking.Automatic, RequiresGrade = true, GradeMax = 100, GradeItemId = 4,
                },
            ],
            Criteria = [new MoodleCriterion.Self(), new MoodleCriterion.Activity { ActivityId = 5 }],
            Aggregation = MoodleAggregation.Any,
        });
        world.Add(Course(7, "NOCRIT-001", "Open Library (no criteria)"));
        world.Add(Course(8, "NOCOMPL-001", "Legacy Course (completion off)") with { CompletionEnabled = false });
        world.Add(Course(9, "HIDDEN-001", "Hidden Pilot Course") with { Visible = false, Activities = [Page(8, 6, "Pilot notes")], Criteria = [new MoodleCriterion.Self()] });
    }

    private static MoodleCourse Course(int id, string shortName, string name, (int Item, int Category)? grades = null) => new()
    {
        Id = id,
        ShortName = shortName,
        IdNumber = "CRS-" + shortName,
        FullName = name,
        Summary = $"<p>{name} &ndash; test course</p>",
        StartDate = At(1778157853),
        ModifiedAt = At(1795437853),
        SortOrder = 10010 - id,
        GradeItemId = grades?.Item,
        GradeCategoryId = grades?.Category,
    };

    private static MoodleActivity Page(int id, int instance, string name) => new() { Id = id, Instance = instance, Module = "page", Name = name };

    private static void AddEnrolments(MoodleWorld world)
    {
        foreach ((int course, int learners) in s_sizes)
        {
            for (int i = 1; i <= learners; i++)
            {
                world.Enrol(new MoodleEnrolment
                {
                    CourseId = course,
                    UserId = 7 + i,
                    Suspended = (course, i) == (2, 58),
                    Start = (course, i) == (2, 59) ? Now.AddDays(30) : null,
                    End = (course, i) == (2, 60) ? Now.AddDays(-1) : null,
                });
            }

            world.Enrol(new MoodleEnrolment { CourseId = course, UserId = 68, Role = MoodleRole.EditingTeacher });
        }

        world.Enrol(new MoodleEnrolment { CourseId = 2, UserId = 69 });
    }

    private static void AddTokens(MoodleWorld world)
    {
        MoodleService nine = MoodleService.Default with { OnlyUsers = new HashSet<int> { Full, Bare, 5, 6 } };
        foreach ((string description, int user) in new[]
        {
            ("valid token, full role", Full), ("valid token, role with webservice/rest:use only", Bare), ("token of a user without webservice/rest:use", 5),
            ("suspended service user", 6), ("user not on the service list", 7),
        })
        {
            world.Add(new MoodleToken { Value = description, UserId = user, Service = nine });
        }

        world.Add(new MoodleToken { Value = "valid token of a second service with extra functions", UserId = Full, Service = MoodleService.Extended });
        world.Add(new MoodleToken { Value = "token past validuntil", UserId = Full, Service = nine, ValidUntil = Now.AddDays(-1) });
        world.Add(new MoodleToken { Value = "token restricted to another IP", UserId = Full, Service = nine, OnlyFrom = IPAddress.Parse("192.0.2.1") });
    }
}
