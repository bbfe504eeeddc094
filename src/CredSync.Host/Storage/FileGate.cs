namespace CredSync.Host.Storage;

/// <summary>Lets processes pass one at a time, by an exclusively opened file that the operating system frees when its holder dies.</summary>
internal static class FileGate
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static async Task<FileStream> EnterAsync(string path, TimeProvider time, CancellationToken ct)
    {
        long start = time.GetTimestamp();
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1, FileOptions.None);
            }
            catch (IOException) when (time.GetElapsedTime(start) < Patience)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), time, ct).ConfigureAwait(false);
            }
            catch (UnauthorizedAccessException e)
            {
                throw new StorageException($"Cannot write '{path}': the folder is not writable for this user.", e);
            }
        }
    }
}
