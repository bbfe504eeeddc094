using System.Text;
using System.Text.RegularExpressions;
using CredSync.OpenBadges.Rdf;
using CsCheck;

namespace CredSync.OpenBadges.Tests.Rdf;

public sealed partial class RelabellingTests
{
    [Theory]
    [InlineData("rich")]
    [InlineData("hard")]
    [InlineData("twins")]
    public void Neither_the_order_of_lines_nor_the_names_of_blank_nodes_change_the_canonical_form(string name)
    {
        string expected = Vectors.Text($"generated/{name}-document.nq");
        string[] lines = expected.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Gen.Select(Gen.Shuffle(lines), Gen.Int[1, 9], Gen.Int[1, 1000]).Sample(
            (shuffled, factor, offset) =>
            {
                string renamed = BlankNode().Replace(string.Join('\n', shuffled), match => $"_:x{(int.Parse(match.Groups[1].ValueSpan) * factor) + offset}");
                return Encoding.UTF8.GetString(Rdfc10.Canonicalize(NQuadsReader.Read(renamed, out _))) == expected;
            },
            iter: 50);
    }

    [Fact]
    public void A_statement_that_occurs_twice_counts_once()
    {
        string once = "_:a <urn:p> _:b .\n_:b <urn:p> \"x\" .\n";
        Canonical(once + once).ShouldBe(Canonical(once));
    }

    private static string Canonical(string text) => Encoding.UTF8.GetString(Rdfc10.Canonicalize(NQuadsReader.Read(text, out _)));

    [GeneratedRegex("_:c14n([0-9]+)")]
    private static partial Regex BlankNode();
}
