using System.Net.Sockets;
using Npgsql;

namespace CredSync.Host.Storage;

/// <summary>One sentence for each way in which PostgreSQL says no. No password, no data.</summary>
internal static class PostgresErrors
{
    /// <summary>The exception to throw instead of Npgsql's own.</summary>
    /// <param name="error">What Npgsql threw.</param>
    /// <param name="server">The server and database in words, no password.</param>
    public static StorageException Translate(Exception error, string server) => new($"{server} {Explain(error)}", error);

    /// <summary>Whether two transactions stood in each other's way, and the same work done again will pass.</summary>
    public static bool IsCollision(Exception error) =>
        error is PostgresException { SqlState: PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure };

    private static string Explain(Exception error) => error switch
    {
        PostgresException e => Explain(e),
        NpgsqlException { InnerException: SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain } } =>
            "cannot be reached: its host name is not known; check Host in the connection string.",
        NpgsqlException { InnerException: SocketException } => "cannot be reached: nothing answers there; check Host and Port, and that the server runs.",
        NpgsqlException { InnerException: TimeoutException } or TimeoutException => "did not answer in time; look at its load, its locks and the network.",
        NpgsqlException { InnerException: System.Security.Authentication.AuthenticationException } => "cannot be talked to over TLS: its certificate is not trusted; set 'SSL Mode' and 'Root Certificate' in the connection string.",
        NpgsqlException { InnerException: IOException } => "broke the connection off; it is tried again.",
        _ => $"cannot be used ({error.GetType().Name}): {error.Message}",
    };

    private static string Explain(PostgresException e) => e.SqlState switch
    {
        PostgresErrorCodes.InvalidPassword => "refuses the password; correct Username and Password in the connection string.",
        PostgresErrorCodes.InvalidAuthorizationSpecification => "does not let this user in; check Username, and pg_hba.conf on the server.",
        PostgresErrorCodes.InvalidCatalogName => "does not exist; create the database, or correct Database in the connection string.",
        PostgresErrorCodes.InsufficientPrivilege => $"does not give this user the rights that are needed ({e.MessageText}); let it create its schema, or create the schema for it with CREATE SCHEMA … AUTHORIZATION.",
        PostgresErrorCodes.DiskFull => "has no space left on its disk; free space, nothing was half done.",
        PostgresErrorCodes.TooManyConnections => "has no connection left; raise max_connections there, or lower 'Maximum Pool Size' in the connection string.",
        PostgresErrorCodes.CannotConnectNow => "is starting or stopping; it is tried again.",
        PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown => "is shutting down; it is tried again.",
        PostgresErrorCodes.ReadOnlySqlTransaction => "is read-only (a replica?); the connection string must lead to the primary.",
        PostgresErrorCodes.LockNotAvailable => "kept a row locked for too long; it is tried again.",

        // The message of an unforeseen error may quote data; its code and its place do not.
        _ => $"answered with error {e.SqlState} ({e.Routine}); look the code up in PostgreSQL's list and the details up in the server's log.",
    };
}
