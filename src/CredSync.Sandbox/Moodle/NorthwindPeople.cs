using CredSync.Sandbox.Northwind;

namespace CredSync.Sandbox.Moodle;

/// <summary>Northwind's site before anything happens: people, courses, a service account.</summary>
internal static class NorthwindPeople
{
    public const int Safety = 2;
    public const int Statistics = 3;
    public const int Data = 4;
    public const int Lead = 5;
    public const int FirstAid = 6;
    public const int Excel = 7;

    public const int StatisticsTest = 31;
    public const int DataTest = 41;
    public const int FirstAidVideo = 61;
    public const int FirstAidPractice = 62;
    public const int ExcelWork = 71;

    public static MoodleWorld CreateWorld(IReadOnlyList<NorthwindLearner> learners)
    {
        MoodleWorld world = new();
        world.Site.Name = "Northwind Academy";
        world.Site.ShortName = "northwind";
        world.Add(Account(3, "svc_credsync", "CredSync", "Service", MoodleCapabilities.Full));
        world.Add(Account(4, "svc_credsync_bare", "CredSync", "Service bare", MoodleCapabilities.Bare));
        world.Add(Account(5, "teacher", "Tess", "Teacher", new HashSet<string>()));
        foreach (NorthwindLearner learner in learners)
        {
            world.Add(Learner(learner));
        }

        foreach (MoodleCourse course in Courses())
        {
            world.Add(course);
            world.Enrol(new MoodleEnrolment { CourseId = course.Id, UserId = 5, Role = MoodleRole.EditingTeacher });
        }

        world.Add(new MoodleToken { Value = NorthwindScript.Token, UserId = 3, Service = MoodleService.Extended });
        world.Add(new MoodleToken { Value = NorthwindScript.BareToken, UserId = 4 });
        world.Add(new MoodleBadge
        {
            Id = 1, Name = "First Aid Certified", Description = "Awarded for First Aid at Work", CourseId = FirstAid, AwardedFor = [FirstAid], ValidFor = TimeSpan.FromDays(730),
        });
        world.Add(new MoodleReport { Id = 1, Name = "Completions feed" });
        return world;
    }

    private static MoodleUser Learner(NorthwindLearner learner) => new()
    {
        Id = 101 + learner.Index,
        UserName = learner.UserName,
        FirstName = learner.FirstName,
        LastName = learner.LastName,
        Email = learner.Email,
        IdNumber = learner.Number,
        Department = learner.Department,
        Institution = "Northwind",
        City = "Northwind",
        Country = learner.Country,
    };

    private static MoodleUser Account(int id, string userName, string first, string last, IReadOnlySet<string> capabilities) => new()
    {
        Id = id, UserName = userName, FirstName = first, LastName = last, Email = userName + "@example.com", Capabilities = capabilities,
    };

    private static MoodleCourse[] Courses() =>
    [
        new()
        {
            Id = Safety, ShortName = "SAFETY-101", IdNumber = "SAFETY-101", FullName = "Site Safety Induction",
            Summary = "<p>What everybody on site must know.</p>", Criteria = [new MoodleCriterion.Self()],
        },
        new()
        {
            Id = Statistics, ShortName = "STAT-101", IdNumber = "STAT-101", FullName = "Statistics for Everyone",
            Summary = "<p>Averages, spread &amp; samples.</p>",
            Activities = [Test(StatisticsTest, "quiz", "Final test", passes: null)],
            Criteria = [new MoodleCriterion.Activity { ActivityId = StatisticsTest }],
        },
        new()
        {
            Id = Data, ShortName = "DATA-110", IdNumber = "DATA-110", FullName = "Data Foundations",
            Summary = "<p>Tables, joins, questions.</p>",
            Activities = [Test(DataTest, "assign", "Data foundations test", passes: 60)],
            Criteria = [new MoodleCriterion.Grade { Required = 60 }],
        },
        new()
        {
            Id = Lead, ShortName = "LEAD-300", IdNumber = "LEAD-300", FullName = "Führung & Coaching",
            Summary = "<p>Team leadership &ndash; F&uuml;hrung & Coaching.</p>",
            Criteria = [new MoodleCriterion.Role(), new MoodleCriterion.Prerequisite { CourseId = Safety }],
        },
        new()
        {
            Id = FirstAid, ShortName = "FIRSTAID-201", IdNumber = "FIRSTAID-201", FullName = "First Aid at Work",
            Summary = "<p>CPR, wounds, calling for help.</p>",
            Activities =
            [
                new() { Id = FirstAidVideo, Module = "page", Name = "Watch the CPR demo", Tracking = MoodleTracking.Automatic, RequiresView = true },
                new() { Id = FirstAidPractice, Module = "page", Name = "Practical sign-off" },
            ],
            Criteria = [new MoodleCriterion.Activity { ActivityId = FirstAidVideo }, new MoodleCriterion.Activity { ActivityId = FirstAidPractice }],
        },
        new()
        {
            Id = Excel, ShortName = "EXCEL-050", IdNumber = "EXCEL-050", FullName = "Excel: the Basics",
            Summary = "<p>Cells, formulas, charts.</p>",
            Activities = [Test(ExcelWork, "assign", "Budget sheet", passes: null)],
            Criteria = [new MoodleCriterion.Self(), new MoodleCriterion.Activity { ActivityId = ExcelWork }],
            Aggregation = MoodleAggregation.Any,
        },
    ];

    private static MoodleActivity Test(int id, string module, string name, double? passes) => new()
    {
        Id = id, Module = module, Name = name, Tracking = MoodleTracking.Automatic, RequiresGrade = true, RequiresPassGrade = passes is not null, GradeMax = 100,
        GradePass = passes,
    };
}
