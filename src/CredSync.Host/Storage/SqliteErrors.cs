using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace CredSync.Host.Storage;

/// <summary>What SQLite's errors mean to an operator.</summary>
internal static class SqliteErrors
{
    /// <summary>An error in one sentence. A full disk and a locked file pass, and are waited for.</summary>
    /// <param name="error">What was thrown.</param>
    /// <param name="file">The file; null when it is not known here.</param>
    public static StorageException Translate(DbException error, string? file = null) =>
        new($"{(file is null ? "The ledger" : $"'{file}'")} cannot be used: {Explain(error)}", error) { IsOutage = error is SqliteException { SqliteErrorCode: 5 or 6 or 13 } };

    /// <summary>What is the matter and what to do.</summary>
    public static string Explain(DbException error) => (error as SqliteException)?.SqliteErrorCode switch
    {
        5 or 6 => "another program keeps the file locked; end it, or wait.",
        8 => "the file is read-only.",
        10 => "the disk cannot be read or written; look at its state.",
        11 or 26 => "the file is not a SQLite database or is damaged; restore it from a backup.",
        13 => "the disk is full; free space, nothing was half done.",
        14 => "the file or its folder cannot be opened; check that the folder exists and is writable.",
        int code => $"SQLite error {code}; look the code up in SQLite's list.",
        null => $"{error.GetType().Name}; report it.",
    };
}
