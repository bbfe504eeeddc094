namespace CredSync.Core.Configuration;

/// <summary>Collects findings.</summary>
internal sealed class FindingList
{
    private readonly List<Finding> findings = [];

    public int Count => findings.Count;

    public int Errors { get; private set; }

    public void Add(FindingCode code, FilePosition position, string sentence, string? suggestion)
    {
        findings.Add(new Finding(code.Code, code.Severity, position.File, position.Line, position.Column, sentence, suggestion));
        Errors += code.Severity == Severity.Error ? 1 : 0;
    }

    public void AddRange(FindingList others)
    {
        findings.AddRange(others.findings);
        Errors += others.Errors;
    }

    public Finding[] Sorted()
    {
        Finding[] sorted = [.. findings.Distinct()];
        Array.Sort(sorted, static (a, b) =>
        {
            int order = string.CompareOrdinal(a.File, b.File);
            order = order != 0 ? order : a.Line.CompareTo(b.Line);
            order = order != 0 ? order : a.Column.CompareTo(b.Column);
            order = order != 0 ? order : string.CompareOrdinal(a.Code, b.Code);
            return order != 0 ? order : string.CompareOrdinal(a.Sentence, b.Sentence);
        });
        return sorted;
    }
}

/// <summary>A kind of finding.</summary>
/// <param name="Code">Its stable code.</param>
/// <param name="Severity">How bad it is.</param>
/// <param name="Title">What it is about, in a few words.</param>
internal sealed record FindingCode(string Code, Severity Severity, string Title);
