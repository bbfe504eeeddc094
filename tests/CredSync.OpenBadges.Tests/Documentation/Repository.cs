namespace CredSync.OpenBadges.Tests.Documentation;

/// <summary>Where the sources are.</summary>
internal static class Repository
{
    public static string Folder { get; } = Locate();

    private static string Locate()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "CredSync.sln")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException("The tests do not run inside the repository.");
    }
}
