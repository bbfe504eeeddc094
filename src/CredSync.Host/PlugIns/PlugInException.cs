namespace CredSync.Host.PlugIns;

/// <summary>A plug-in that configuration names cannot be used; one sentence says which and what to do.</summary>
internal sealed class PlugInException(string sentence, Exception? inner = null) : Exception(sentence, inner);
