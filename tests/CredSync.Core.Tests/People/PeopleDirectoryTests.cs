using CredSync.Core.Configuration;
using CredSync.Core.People;
using CredSync.Core.Tests.Configuration;

namespace CredSync.Core.Tests.People;

/// <summary>The directory as its file gives it: whom identifiers mean on which day.</summary>
public sealed class PeopleDirectoryTests
{
    private const string Settings =
        """
        directory:
          file: people.csv
          id: personnel_no
          identifiers:
            - { column: mail, kind: email }
            - { column: login, kind: username, source: moodle-hr }
          preferred_name: known_as
          legal_name: name
          from: from
          to: to
          consent: [badges, { column: northwind, issuer: northwind-badges }]

        """;

    private const string People =
        """
        Personnel_No,Name,Known_as,Mail,Login,From,To,Badges,Northwind
        NW-1,Augusta Ada King,"Ada ""the first"" Lovelace",desk@northwind.example,ada,,2024-12-31,yes,
        NW-1,Augusta Ada King,Ada Lovelace,ada@northwind.example,ada,2025-01-01,,yes,no
        NW-2,Benjamin Bones,,DESK@northwind.example,ben,2025-01-01,,,
        """;

    private static readonly DateOnly Early = new(2024, 6, 1);
    private static readonly DateOnly Late = new(2025, 6, 1);

    [Fact]
    public void An_address_means_whoever_had_it_on_that_day()
    {
        PeopleDirectory directory = Read(People).Directory;
        Of(directory.Find([Email("desk@northwind.example")], Early, Early)).ShouldBe("nw-1");
        Of(directory.Find([Email("desk@northwind.example")], Late, Late)).ShouldBe("nw-2");
    }

    [Fact]
    public void An_old_completion_with_an_address_that_changed_hands_since_means_nobody_for_certain() =>
        Read(People).Directory.Find([Email("desk@northwind.example")], Early, Late).ShouldBeOfType<DirectoryFinding.Several>().Ids.Select(i => i.Value).ShouldBe(["nw-1", "nw-2"], ignoreOrder: true);

    [Fact]
    public void A_login_name_decides_before_an_address() =>
        Of(Read(People).Directory.Find([new("username", "moodle-hr", "ben"), Email("ada@northwind.example")], Late, Late)).ShouldBe("nw-2");

    [Fact]
    public void A_login_name_means_nobody_at_another_source() =>
        Read(People).Directory.Find([new("username", "edx", "ben")], Late, Late).ShouldBeOfType<DirectoryFinding.Nobody>();

    [Fact]
    public void An_address_is_not_for_somebody_with_another_number() =>
        Read(People).Directory.Find([new("external_id", "", "nw-9"), Email("ada@northwind.example")], Late, Late).ShouldBeOfType<DirectoryFinding.Nobody>();

    [Fact]
    public void The_row_of_today_tells_name_address_and_consent()
    {
        DirectoryEntry now = Read(People).Directory.Current(new IdentifierKey("external_id", "", "nw-1"), Late)!;
        (now.PreferredName, now.LegalName, now.Email, now.Line).ShouldBe(("Ada Lovelace", "Augusta Ada King", "ada@northwind.example", 3));
        now.Consents.ShouldBe([new ConsentFact("", true), new ConsentFact("northwind-badges", false)]);
    }

    [Fact]
    public void Quotes_in_a_name_are_read() =>
        Read(People).Directory.Current(new IdentifierKey("external_id", "", "nw-1"), Early)!.PreferredName.ShouldBe("Ada \"the first\" Lovelace");

    [Fact]
    public void A_row_with_a_mistake_is_left_out_and_the_others_are_used()
    {
        string broken = People.Replace("ada@northwind.example", "ada at northwind", StringComparison.Ordinal);
        ConfigurationResult result = Lint(broken, Settings);
        result.Findings.Select(f => (f.Code, f.File, f.Line, f.Column)).ShouldBe([("DIR003", "people.csv", 3, 36)]);
        result.Findings[0].Sentence.ShouldNotContain("northwind");
        result.Configuration!.People.Directory.Entries.Count.ShouldBe(2);
    }

    [Fact]
    public void Each_mistake_is_shown_at_its_line_and_column()
    {
        string[] rows =
        [
            "Personnel_No,Name,Known_as,Mail,Login,From,To,Badges,Northwind",
            ",Nobody,,,,,,,",
            "NW-3,Cy,,cy@northwind.example,,soon,,,",
            "NW-4,Dot,,dot@northwind.example,,2025-02-01,2025-01-01,,",
            "NW-5,Eve,,eve@northwind.example,,,,perhaps,",
            "NW-6,Flo",
        ];
        Lint(string.Join('\n', rows), Settings).Findings.Select(f => (f.Code, f.Line, f.Column)).ShouldBe([("DIR003", 2, 1), ("DIR003", 3, 32), ("DIR003", 4, 45), ("DIR003", 5, 36), ("DIR003", 6, 6)]);
    }

    [Fact]
    public void A_file_that_is_not_there_is_found_where_it_is_named() =>
        Lint(null, Settings).Findings.Select(f => (f.Code, f.File, f.Line, f.Column)).ShouldBe([("CFG022", "people.yaml", 2, 9)]);

    [Fact]
    public void A_kind_that_needs_a_source_is_found_without_one()
    {
        Lint(People, Settings.Replace(", source: moodle-hr", "", StringComparison.Ordinal)).Findings.Select(f => (f.Code, f.Line)).ShouldBe([("CFG011", 6)]);
        Lint(People, Settings.Replace("kind: email", "kind: email, source: moodle-hr", StringComparison.Ordinal)).Findings.Select(f => (f.Code, f.Line)).ShouldBe([("CFG019", 5)]);
    }

    [Fact]
    public void Thousands_of_rows_are_read_with_other_separators_and_line_ends()
    {
        string rows = string.Concat(Enumerable.Range(0, 5000).Select(i => $"NW-{i};p{i}@northwind.example\r\n"));
        PeopleDirectory directory = Read("\ufeffnumber;mail\r\n" + rows, "directory: { file: people.csv, separator: semicolon, id: number, identifiers: [{ column: mail, kind: email }] }\n").Directory;
        directory.Entries.Count.ShouldBe(5000);
        Of(directory.Find([Email("p4711@northwind.example")], Late, Late)).ShouldBe("nw-4711");
    }

    [Fact]
    public void Its_revision_changes_with_what_it_says()
    {
        Read(People).Directory.Revision.ShouldBe(Read(People.ReplaceLineEndings("\r\n")).Directory.Revision);
        Read(People).Directory.Revision.ShouldNotBe(Read(People.Replace("yes,no", "yes,yes", StringComparison.Ordinal)).Directory.Revision);
    }

    private static string Of(DirectoryFinding finding) => finding.ShouldBeOfType<DirectoryFinding.Person>().Entry.Id.Value;

    private static IdentifierKey Email(string address) => new("email", "", address);

    private static PeoplePolicy Read(string people, string settings = Settings)
    {
        ConfigurationResult result = Lint(people, settings);
        FindingText.Render(result.Findings).ShouldBe("");
        return result.Configuration!.People;
    }

    private static ConfigurationResult Lint(string? people, string settings)
    {
        List<ConfigurationFile> files =
        [
            new("credsync.yaml", "organisation: { name: Northwind, namespace: northwind.example }\n"),
            new("people.yaml", settings),
            new("sources/moodle-hr.yaml", "source: moodle-hr\nadapter: moodle\naddress: https://moodle.northwind.example\ntoken: env:MOODLE_HR_TOKEN\n"),
            new("issuers/northwind-badges.yaml", "issuer: northwind-badges\nadapter: open-badges\nname: Northwind Academy\nurl: https://badges.northwind.example\n"),
        ];
        if (people is not null)
        {
            files.Add(new ConfigurationFile("people.csv", people));
        }

        return Shipped.Read(files);
    }
}
