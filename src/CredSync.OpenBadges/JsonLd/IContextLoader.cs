using System.Text.Json.Nodes;

namespace CredSync.OpenBadges.JsonLd;

/// <summary>Gives the documents that contexts are in. Never the network: a signature must not depend on what a server says today.</summary>
internal interface IContextLoader
{
    /// <summary>Gives a context document.</summary>
    /// <param name="url">Its absolute URL.</param>
    /// <returns>The document, shared and not to be changed.</returns>
    /// <exception cref="JsonLdException">The URL is not among those that can be loaded.</exception>
    JsonObject Load(string url);
}
