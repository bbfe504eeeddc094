using System.Globalization;
using System.Text;

namespace CredSync.Sandbox.Northwind;

/// <summary>Somebody who learns at Northwind; the same person on every play platform.</summary>
internal sealed record NorthwindLearner(int Index, string FirstName, string LastName, string Country)
{
    private static readonly (string First, string Last, string Country)[] s_names =
    [
        ("Aoife", "Ní Bhriain", "IE"), ("Håkon", "Bjørnstad", "NO"), ("Zoë", "van der Berg", "NL"), ("Łucja", "Wiśniewska", "PL"),
        ("José", "Núñez", "ES"), ("Priya", "Raghunathan", "IN"), ("Nguyễn", "Thị Hương", "VN"), ("Siobhán", "O'Connor", "IE"),
        ("Jürgen", "Groß", "DE"), ("Oluwaseun", "Adébáyọ̀", "NG"), ("美咲", "田中", "JP"), ("Ольга", "Смирнова", "BG"),
        ("Γιώργος", "Παπαδόπουλος", "GR"), ("ليلى", "حداد", "LB"), ("Anne-Marie", "Lefèvre", "FR"), ("Tomáš", "Dvořák", "CZ"),
        ("Inês", "da Conceição", "PT"), ("Björk", "Einarsdóttir", "IS"), ("Mei", "Lin", "SG"), ("Kwame", "Mensah", "GH"),
        ("Ayşe", "Yılmaz", "TR"), ("Rangi", "Te Ahu", "NZ"), ("Chloé", "D'Angelo", "IT"), ("Sam", "Smith-Jones", "GB"),
    ];

    /// <summary>All learners, in the order of their numbers.</summary>
    public static IReadOnlyList<NorthwindLearner> All { get; } = Many(s_names.Length);

    /// <summary>A larger company: <see cref="All"/>, then namesakes of theirs with numbers and addresses of their own.</summary>
    /// <param name="count">How many learners, from 1.</param>
    public static IReadOnlyList<NorthwindLearner> Many(int count) =>
        [.. Enumerable.Range(0, count).Select(i => new NorthwindLearner(i, s_names[i % s_names.Length].First, s_names[i % s_names.Length].Last, s_names[i % s_names.Length].Country))];

    /// <summary>The organisation's number, for example <c>NW-1001</c>.</summary>
    public string Number => "NW-" + Digits;

    public string UserName => "nw" + Digits;

    public string FullName => FirstName + " " + LastName;

    public string Email => $"{LocalPart()}@example.{(Index % 3 == 2 ? "org" : "com")}";

    public string Department => (Index % 4) switch { 0 => "Operations", 1 => "Sales", 2 => "Data", _ => "People" };

    private string Digits => (1001 + Index).ToString(CultureInfo.InvariantCulture);

    /// <summary>The name's plain letters, or the number where a name has none or is a namesake's.</summary>
    private string LocalPart()
    {
        string first = Letters(FirstName);
        string last = Letters(LastName);
        return Index < s_names.Length && first.Length > 0 && last.Length > 0 ? first + "." + last : UserName;

        static string Letters(string text) => string.Concat(text.Normalize(NormalizationForm.FormD).Where(char.IsAsciiLetter)).ToLowerInvariant();
    }
}
