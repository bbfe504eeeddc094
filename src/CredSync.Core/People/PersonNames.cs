using CredSync.Completions;

namespace CredSync.Core.People;

/// <summary>Which of a person's names goes on credentials.</summary>
public enum NamePolicy
{
    /// <summary>The one that they want to be called by, else the legal one, else what the platform says.</summary>
    Preferred,

    /// <summary>The legal one of the directory, else what the platform says.</summary>
    Legal,

    /// <summary>What the platform says, whatever the directory has.</summary>
    Platform,
}

/// <summary>Finds the name that goes on credentials. A login name, a number or an address is never a name, nor a part of one.</summary>
public static class PersonNames
{
    /// <summary>The name of a person.</summary>
    /// <param name="completion">What the platform says.</param>
    /// <param name="entry">What the directory says; null when it does not have the person.</param>
    /// <param name="policy">Which name is wanted.</param>
    /// <returns>The name; null when nobody tells one.</returns>
    public static string? Of(Completion completion, DirectoryEntry? entry, NamePolicy policy)
    {
        ArgumentNullException.ThrowIfNull(completion);
        string? listed = OfDirectory(entry, policy);
        return listed ?? OfPlatform(completion.PersonName, completion.Identifiers);
    }

    /// <summary>The name that the directory has for credentials; null when it has none that is wanted.</summary>
    /// <param name="entry">What the directory says; null when it does not have the person.</param>
    /// <param name="policy">Which name is wanted.</param>
    public static string? OfDirectory(DirectoryEntry? entry, NamePolicy policy) => policy switch
    {
        NamePolicy.Preferred => entry?.PreferredName ?? entry?.LegalName,
        NamePolicy.Legal => entry?.LegalName,
        _ => null,
    };

    // Platforms that were given no name fill the gap with what they have: a login name as surname, an address as the whole.
    private static string? OfPlatform(string? name, IReadOnlyList<PersonIdentifier> identifiers)
    {
        if (string.IsNullOrWhiteSpace(name))
        {
            return null;
        }

        string[] words = name.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        string[] names = [.. words.Where(w => !IsIdentifier(w, words.Length, identifiers))];
        return names.Length == 0 || IsIdentifier(string.Join(' ', names), 1, identifiers) ? null : string.Join(' ', names);
    }

    private static bool IsIdentifier(string word, int words, IReadOnlyList<PersonIdentifier> identifiers)
    {
        if (word.Contains('@', StringComparison.Ordinal) || word.All(char.IsAsciiDigit))
        {
            return true;
        }

        foreach (PersonIdentifier identifier in identifiers)
        {
            // Somebody called Ada may log in as ada: a word that could be a name stays, as long as it is not the whole.
            if (string.Equals(identifier.Value.Trim(), word, StringComparison.OrdinalIgnoreCase) && (words == 1 || !LooksLikeName(word)))
            {
                return true;
            }
        }

        return false;
    }

    private static bool LooksLikeName(string word) => char.IsUpper(word[0]) && word.All(c => char.IsLetter(c) || c is '-' or '\'' or '’' or '.');
}
