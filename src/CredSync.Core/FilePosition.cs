using System.Globalization;

namespace CredSync.Core;

/// <summary>A place in a configuration file.</summary>
/// <param name="File">The file as it was named when it was read.</param>
/// <param name="Line">Line, from 1; 0 when the whole file is meant.</param>
/// <param name="Column">Column in characters, from 1; 0 when the whole line is meant.</param>
public readonly record struct FilePosition(string File, int Line, int Column)
{
    /// <summary><c>file:line:column</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{File}:{Line}:{Column}");
}
