using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace CredSync.Sources.Http;

/// <summary>Refuses a platform's paging cursor that comes back a second time, which would be read for ever.</summary>
internal sealed class PagingGuard(string who)
{
    // Sixteen bytes of each, not the text: a reading may have ten thousand pages, and what marks a page may be a whole record.
    private readonly HashSet<UInt128> seen = [];

    /// <summary>Notes the cursor of the next page.</summary>
    /// <param name="cursor">The platform's own cursor or link.</param>
    /// <exception cref="SourceException"><see cref="FaultKind.Broken"/>: it was there before.</exception>
    public void Advance(string cursor)
    {
        if (!seen.Add(BinaryPrimitives.ReadUInt128LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(cursor)))))
        {
            throw new SourceException(FaultKind.Broken,
                $"{who} names a page as the next one that was read before: its paging does not advance; reading stops here and is tried again later.");
        }
    }
}
