using CredSync.Sandbox.Faults;

namespace CredSync.Sandbox.Moodle.Dialect;

/// <summary>Remembers the last call of each function and, when a fault says so, asks it again instead of the new one.</summary>
internal sealed class PageRepeater
{
    private readonly Dictionary<string, PlayRequest> _last = new(StringComparer.Ordinal);

    /// <summary>The request to answer; called under the world's lock.</summary>
    public PlayRequest Turn(PlayRequest request, PlayFault? fault)
    {
        string function = request["wsfunction"] ?? "";
        if (fault?.Kind == PlayFaultKind.DuplicatePage && _last.TryGetValue(function, out PlayRequest? last))
        {
            return last;
        }

        _last[function] = request;
        return request;
    }
}
