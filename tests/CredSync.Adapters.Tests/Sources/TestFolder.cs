using System.Text;

namespace CredSync.Adapters.Tests.Sources;

/// <summary>A folder of its own for one test.</summary>
internal sealed class TestFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("credsync-").FullName;

    public string Write(string name, string text, Encoding? encoding = null)
    {
        string path = System.IO.Path.Combine(Path, name);
        File.WriteAllText(path, text, encoding ?? new UTF8Encoding(false));
        return path;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
