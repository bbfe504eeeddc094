using System.ComponentModel.DataAnnotations;

namespace CredSync.Host;

/// <summary>Where the ledger is; section <c>Ledger</c> of appsettings.json.</summary>
public sealed class LedgerOptions
{
    /// <summary>A PostgreSQL connection string for distributed running. Default null: a SQLite file.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>The SQLite file, relative to the data folder. Not used with a connection string. Default <c>ledger.db</c>.</summary>
    [Required]
    public string File { get; set; } = "ledger.db";
}

/// <summary>Which queue carries the messages; section <c>Queue</c> of appsettings.json.</summary>
public sealed class QueueOptions
{
    /// <summary>A RabbitMQ address such as <c>amqp://user:password@host/vhost</c>. Default null: the in-memory queue, which is safe because the ledger sends again what it lost.</summary>
    public string? ConnectionString { get; set; }
}

/// <summary>The issue side; section <c>Issue</c> of appsettings.json.</summary>
public sealed class IssueOptions
{
    /// <summary>A PostgreSQL connection string for the issue journal, for any number of issue workers. Default null: the ledger's, in a schema of its own; with a SQLite ledger, the file.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>The SQLite file of the issue journal, relative to the data folder. Default <c>journal.db</c>.</summary>
    [Required]
    public string JournalFile { get; set; } = "journal.db";

    /// <summary>Folder for credentials as files, relative to the data folder; empty writes none. Default <c>badges</c>.</summary>
    public string BadgeFolder { get; set; } = "badges";

    /// <summary>How often published documents are looked at when nothing changes: lists are signed again before they run out. Range 1 s to 1 h, default 1 min.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan PublishEvery { get; set; } = TimeSpan.FromMinutes(1);
}

/// <summary>Health and pages over HTTP; section <c>Operations</c> of appsettings.json.</summary>
public sealed class OperationsOptions
{
    /// <summary>Address to listen on; port 0 takes a free one. Default <c>http://127.0.0.1:8085</c>: this machine only.</summary>
    [Required]
    public string Address { get; set; } = "http://127.0.0.1:8085";
}

/// <summary>What is written to the log; section <c>Log</c> of appsettings.json.</summary>
public sealed class LogOptions
{
    /// <summary>Least level: Verbose, Debug, Information, Warning, Error or Fatal. Default Information.</summary>
    [Required]
    public string Level { get; set; } = "Information";

    /// <summary>A file for compact JSON, one event a line, rolled daily, seven kept. Default null: none.</summary>
    public string? File { get; set; }
}
