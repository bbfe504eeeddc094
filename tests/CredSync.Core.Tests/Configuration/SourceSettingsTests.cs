using CredSync.Core.Configuration;

namespace CredSync.Core.Tests.Configuration;

/// <summary>Settings of the adapters that ship which are of the right kind each and mean nothing all the same: lint names file, line and column, and what to write.</summary>
public sealed class SourceSettingsTests
{
    private const string Csv = "source: play\nadapter: csv\npath: in\n";
    private const string Moodle = "source: play\nadapter: moodle\naddress: https://moodle.northwind.example\ntoken: env:T\n";
    private const string Xapi = "source: play\nadapter: xapi\n";
    private const string Edx = "source: play\nadapter: edx\naddress: https://courses.northwind.example\nclient_id: env:A\nclient_secret: env:B\n";
    private const string Business = "source: play\nadapter: edx-business\nclient_id: env:A\nclient_secret: env:B\n";
    private const string Json = "source: play\nadapter: http-json\naddress: https://api.northwind.example\n";
    private const string Hooked = Edx + "courses: [\"course-v1:A+B+C\"]\n";

    [Theory]
    [InlineData(Csv, "columns: { course: Kurs, person: Nr }", "4:34", "There is no field 'person'; there is external_id")]
    [InlineData(Csv, "delimiter: '::'", "4:12", "one character, tab or auto")]
    [InlineData(Csv, "date_format: dd.mm.yyyy", "4:14", "mm is minutes")]
    [InlineData(Csv, "date_format: q", "4:14", "no .NET format")]
    [InlineData(Csv, "time_zone: Berlin", "4:12", "write an IANA name such as Europe/Berlin")]
    [InlineData(Csv, "decimal: ','", "4:10", "point or comma")]
    [InlineData(Moodle, "report_columns: { cours: Kurs }", "5:26", "A report has no field 'cours'; it has course")]
    [InlineData(Moodle, "report_time: 'd MMMM, h:mm'", "5:14", "yyyy")]
    [InlineData(Moodle, "report_time_zone: Madrid", "5:19", "IANA")]
    [InlineData(Xapi, "address: https://lrs.northwind.example/xapi", "3:10", "needs 'key' beside its address")]
    [InlineData(Xapi, "types: []", "3:8", "")]
    [InlineData(Edx, "courses: [NorthX+DATA101]", "6:10", "'NorthX+DATA101' is no key of a run")]
    [InlineData(Edx, "courses: ['course-v1:NorthX DATA101 2026_T1']", "6:10", "with its + signs")]
    [InlineData(Edx, "courses: ['course-v1%3ANorthX%2BDATA101%2B2026_T1']", "6:10", "with its + signs")]
    [InlineData(Business, "enterprise: northwind", "5:13", "UUID")]
    [InlineData(Json, "paging: cursor\nfields: { email: mail, course: course, completed_at: at }", "2:10", "paging cursor needs 'next'")]
    [InlineData(Json, "fields: { email: mail, course: a..b, completed_at: at }", "4:32", "'a..b' is no path")]
    [InlineData(Json, "key_header: X API Key\nfields: { email: mail, course: a, completed_at: at }", "4:13", "no name of a header")]
    [InlineData(Hooked, "webhook: { proof: standard-webhooks, public_keys: [whpk_AAAA] }", "7:52", "whpk_ and 32 bytes")]
    public void A_setting_that_means_nothing_is_told_with_its_place_and_what_to_write(string file, string setting, string place, string says)
    {
        ConfigurationResult result = ConfigurationReader.Read(
            [new ConfigurationFile("credsync.yaml", "organisation: { name: Northwind, namespace: northwind.example }\n"), new ConfigurationFile("sources/play.yaml", file + setting + "\n")],
            BuiltIn.Adapters,
            Shipped.Secret,
            Shipped.NoOverrides);
        string told = FindingText.Render(result.Findings.Where(f => f.Severity == Severity.Error));
        told.ShouldStartWith($"sources/play.yaml:{place} ");
        told.ShouldContain(says);
    }

    [Theory]
    [InlineData(Csv, "date_format: d.M.yy\ntime_zone: Europe/Berlin\ndelimiter: tab\ndecimal: comma")]
    [InlineData(Csv, "date_format: \"dddd, d MMMM yyyy 'at' HH:mm\"")]
    [InlineData(Moodle, "report: 7\nreport_time: dddd, d MMMM yyyy, h:mm tt\nreport_time_zone: Europe/Madrid")]
    [InlineData(Edx, "courses: ['course-v1:NorthX+DATA101+2026_T1', NorthX/DATA101/2026_T1, 'ccx-v1:NorthX+DATA101+2026_T1+ccx@7']")]
    [InlineData(Business, "enterprise: 6f2c1d7a-9f0e-4a0b-8a39-2f6f5b1f0c11")]
    [InlineData(Hooked, "webhook: { proof: standard-webhooks, public_keys: ['whpk_11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo='] }")]
    public void A_setting_that_means_something_is_left_in_peace(string file, string setting) => FindingText.Render(ConfigurationReader.Read(
        [new ConfigurationFile("credsync.yaml", "organisation: { name: Northwind, namespace: northwind.example }\n"), new ConfigurationFile("sources/play.yaml", file + setting + "\n")],
        BuiltIn.Adapters,
        Shipped.Secret,
        Shipped.NoOverrides).Findings).ShouldBe("");
}
