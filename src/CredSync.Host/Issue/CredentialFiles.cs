using CredSync.Issuers;

namespace CredSync.Host.Issue;

/// <summary>Writes minted credentials as files, <c>definition/issuance-id.extension</c>: whole or not at all, and the same again when repeated.</summary>
/// <param name="folder">The folder; null to write none.</param>
internal sealed class CredentialFiles(string? folder)
{
    /// <summary>Writes a credential's documents unless they are there already.</summary>
    /// <param name="definition">Id of the definition; the sub-folder.</param>
    /// <param name="issuance">The issuance id; the file name. No personal data is in a path.</param>
    /// <param name="credential">The credential.</param>
    public void Write(string definition, Guid issuance, IssuedCredential credential)
    {
        if (folder is null || credential.Documents.Count == 0)
        {
            return;
        }

        string target = Path.Combine(folder, definition);
        Directory.CreateDirectory(target);
        foreach (CredentialDocument document in credential.Documents)
        {
            string path = Path.Combine(target, $"{issuance:D}.{document.Extension}");
            if (File.Exists(path))
            {
                continue;
            }

            // Written beside and renamed: a reader, or a crash, never meets half a credential.
            string partial = $"{path}.{Environment.ProcessId}.partial";
            File.WriteAllBytes(partial, document.Content.Span);
            File.Move(partial, path, overwrite: true);
        }
    }

    /// <summary>Removes what a killed process left half written.</summary>
    public void RemovePartial()
    {
        if (folder is null || !Directory.Exists(folder))
        {
            return;
        }

        foreach (string partial in Directory.EnumerateFiles(folder, "*.partial", SearchOption.AllDirectories))
        {
            File.Delete(partial);
        }
    }
}
