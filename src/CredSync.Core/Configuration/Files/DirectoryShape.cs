using CredSync.Completions;
using CredSync.Core.Configuration.Shapes;

namespace CredSync.Core.Configuration.Files;

/// <summary>What stands under <c>directory</c> in <c>people.yaml</c>.</summary>
internal static class DirectoryShape
{
    private static readonly RecordShape Identifier = new("An item of 'identifiers'", "A column with an identifier.",
    [
        new("column", "The column's heading.", new ValueShape(Types.Text)) { Required = true, Example = "mail" },
        new("kind", "What kind of identifier it holds.", new ValueShape(new ChoiceType(IdentifierKinds.All))) { Required = true, Example = "email" },
        new("source", "The source where it means something; for lms_user_id, username and xapi_account.", new ValueShape(Types.Name)) { Example = "moodle-hr" },
    ]);

    private static readonly RecordShape Consent = new("An item of 'consent'", "A column that says whether the person consents.",
    [
        new("column", "The column's heading.", new ValueShape(Types.Text)) { Required = true, Example = "badges_ok" },
        new("issuer", "The issuer that it is about; every issuer when it is left out.", new ValueShape(Types.Name)) { Example = "northwind-badges" },
    ]);

    public static readonly RecordShape Directory = new("'directory'", "The people whom the organisation knows: a CSV file with a heading line.",
    [
        new("file", "The file, seen from the folder of people.yaml, or an absolute path.", new ValueShape(Types.Text)) { Required = true, Example = "people.csv" },
        new("separator", "What stands between fields.", new ValueShape(new ChoiceType("comma", "semicolon", "tab"))) { Default = "comma" },
        new("id", "Heading of the column that names each person: a personnel number, matched as external_id.", new ValueShape(Types.Text)) { Required = true, Example = "personnel_no" },
        new("identifiers", "Columns with further identifiers.", new ListShape(Identifier)) { Example = "[{ column: mail, kind: email }]" },
        new("preferred_name", "Heading of the column with the name that the person wants.", new ValueShape(Types.Text)) { Example = "known_as" },
        new("legal_name", "Heading of the column with the name in documents.", new ValueShape(Types.Text)) { Example = "name" },
        new("from", "Heading of the column with the first day on which the row holds.", new ValueShape(Types.Text)) { Example = "valid_from" },
        new("to", "Heading of the column with the last day on which the row holds.", new ValueShape(Types.Text)) { Example = "valid_to" },
        new("consent", "Headings of columns that say yes or no to credentials, empty for neither.", new ListShape(new EitherShape(new ValueShape(Types.Text), Consent))) { Example = "[badges_ok]" },
    ]);
}
