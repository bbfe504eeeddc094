namespace CredSync.Host.Storage;

/// <summary>Two transactions stood in each other's way and this one was undone; the same work done again will pass.</summary>
internal sealed class CollisionException(string sentence, Exception? inner = null) : Exception(sentence, inner);
