using System.Reflection;
using DbUp.Builder;
using DbUp.Engine;
using DbUp.Engine.Output;

namespace CredSync.Host.Storage;

/// <summary>Brings tables up to date with the scripts embedded in this assembly; refuses a database that a newer version has written.</summary>
internal static class MigrationScripts
{
    /// <summary>Applies the scripts of a folder that are not applied yet, each in its own transaction.</summary>
    /// <param name="target">The database.</param>
    /// <param name="folder">The resource folder, for example <c>Ledger.Migrations.Sqlite</c>.</param>
    /// <param name="where">The database in words, for error sentences; no password.</param>
    public static void Apply(UpgradeEngineBuilder target, string folder, string where)
    {
        string prefix = $"CredSync.Host.{folder}.";
        UpgradeEngine engine = target
            .WithScriptsEmbeddedInAssembly(Assembly.GetExecutingAssembly(), name => name.StartsWith(prefix, StringComparison.Ordinal))
            .WithTransactionPerScript()
            .LogTo(new NoOpUpgradeLog())
            .Build();
        HashSet<string> own = engine.GetDiscoveredScripts().Select(s => s.Name).ToHashSet(StringComparer.Ordinal);
        string? unknown = engine.GetExecutedScripts().FirstOrDefault(s => s.StartsWith(prefix, StringComparison.Ordinal) && !own.Contains(s));
        if (unknown is not null)
        {
            throw new StorageException($"{where} was written by a newer version of CredSync (it has '{unknown[prefix.Length..]}'); start that version, or restore a backup from before the upgrade.");
        }

        DatabaseUpgradeResult result = engine.PerformUpgrade();
        if (!result.Successful)
        {
            throw new StorageException($"{where} cannot be brought up to date: {result.Error.Message}", result.Error);
        }
    }
}
