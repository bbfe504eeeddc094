using System.Globalization;
using System.Text;

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

    private static readonly (string First, string Last, string Country)[] s_learners =
    [
        ("Aoife", "Ní Bhriain", "IE"), ("Håkon", "Bjørnstad", "NO"), ("Zoë", "van der Berg", "NL"), ("Łucja", "Wiśniewska", "PL"),
        ("José", "Núñez", "ES"), ("Priya", "Raghunathan", "IN"), ("Nguyễn", "Thị Hương", "VN"), ("Siobhán", "O'Connor", "IE"),
        ("Jürgen", "Groß", "DE"), ("Oluwaseun", "Adébáyọ̀", "NG"), ("美咲", "田中", "JP"), ("Ольга", "Смирнова", "BG"),
        ("Γιώργος", "Παπαδόπουλος", "GR"), ("ليلى", "حداد", "LB"), ("Anne-Marie", "Lefèvre", "FR"), ("Tomáš", "Dvořák", "CZ"),
        ("Inês", "da Conceição", "PT"), ("Björk", "Einarsdóttir", "IS"), ("Mei", "Lin", "SG"), ("Kwame", "Mensah", "GH"),
        ("Ayşe", "Yılmaz", "TR"), ("Rangi", "Te Ahu", "NZ"), ("Chloé", "D'Angelo", "IT"), ("Sam", "Smith-Jones", "GB"),
    ];

    public static MoodleWorld CreateWorld()
    {
        MoodleWorld world = new();
        world.Site.Name = "Northwind Academy";
        world.Site.ShortName = "northwind";
        world.Add(Account(3, "svc_credsync", "CredSync", "Service", MoodleCapabilities.Full));
        world.Add(Account(4, "svc_credsync_bare", "CredSync", "Service bare", MoodleCapabilities.Bare));
        world.Add(Account(5, "teacher", "Tess", "Teacher", new HashSet<string>()));
        for (int i = 0; i < s_learners.Length; i++)
        {
            world.Add(Learner(i));
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

    private static MoodleUser Learner(int index)
    {
        (string first, string last, string country) = s_learners[index];
        string number = (1001 + index).ToString(CultureInfo.InvariantCulture);
        return new MoodleUser
        {
            Id = 101 + index,
            UserName = "nw" + number,
            FirstName = first,
            LastName = last,
            Email = $"{Ascii(first, last, number)}@example.{(index % 3 == 2 ? "org" : "com")}",
            IdNumber = "NW-" + number,
            Department = (index % 4) switch { 0 => "Operations", 1 => "Sales", 2 => "Data", _ => "People" },
            Institution = "Northwind",
            City = "Northwind",
            Country = country,
        };
    }

    /// <summary>The part before the at sign: the name's plain letters, or the number where a name has none.</summary>
    private static string Ascii(string first, string last, string number)
    {
        string name = Letters(first);
        string family = Letters(last);
        return name.Length > 0 && family.Length > 0 ? name + "." + family : "nw" + number;

        static string Letters(string text) => string.Concat(
            text.Normalize(NormalizationForm.FormD).Where(char.IsAsciiLetter)).ToLowerInvariant();
    }

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
