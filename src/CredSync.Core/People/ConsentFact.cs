namespace CredSync.Core.People;

/// <summary>What a person said about credentials, as the directory has it.</summary>
/// <param name="Issuer">The issuer that it is about; empty for every issuer.</param>
/// <param name="Given">Whether they consent.</param>
public readonly record struct ConsentFact(string Issuer, bool Given);
