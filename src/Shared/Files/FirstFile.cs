using System.Runtime.InteropServices;
using System.Text;

namespace CredSync.Shared.Files;

/// <summary>Of several processes that make the same file at once, the first one's stays: who loses a key that somebody has signed with already, loses what was signed.</summary>
internal static class FirstFile
{
    // The same number on every Unix.
    private const int FileExists = 17;

    /// <summary>
    /// Gives a finished file its name, unless a file has it already. <see cref="File.Move(string, string, bool)"/> does not do: on Unix it looks first and renames then, and a file that comes in
    /// between is replaced. A second name by link(2) looks and names in one step. Where the file system knows no links, it is moved all the same.
    /// </summary>
    /// <param name="draft">The finished file, whole, on the same file system. It may still be there afterwards; the caller deletes it.</param>
    /// <param name="path">The name.</param>
    /// <returns>False when there is such a file, which stays as it is.</returns>
    /// <exception cref="IOException">The file cannot be named so.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder is not writable.</exception>
    public static bool TryName(string draft, string path)
    {
        if (!OperatingSystem.IsWindows())
        {
            if (Link(Text(draft), Text(path)) == 0)
            {
                return true;
            }

            if (Marshal.GetLastPInvokeError() == FileExists)
            {
                return false;
            }
        }

        try
        {
            File.Move(draft, path, overwrite: false);
            return true;
        }
        catch (IOException) when (File.Exists(path))
        {
            return false;
        }
    }

    private static byte[] Text(string path) => Encoding.UTF8.GetBytes(path + '\0');

    [DllImport("libc", EntryPoint = "link", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Link(byte[] from, byte[] to);
}
