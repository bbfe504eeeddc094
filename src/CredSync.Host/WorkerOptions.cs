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

    /// <summary>From how many items on an act on many needs a second person's approval: more than this. Default 100; 0 asks for it always.</summary>
    [Range(0, int.MaxValue)]
    public int ApproveOver { get; set; } = 100;

    /// <summary>How many requests of the interface for programs one caller may send a minute. Default 1200.</summary>
    [Range(1, int.MaxValue)]
    public int RequestsPerMinute { get; set; } = 1200;

    /// <summary>Sign-in by OpenID Connect. Default null: by a one-time link that the worker prints when it starts.</summary>
    public OpenIdOptions? OpenId { get; set; }
}

/// <summary>Sign-in by an OpenID Connect provider; section <c>Operations:OpenId</c> of appsettings.json.</summary>
public sealed class OpenIdOptions
{
    /// <summary>Address of the provider, for example <c>https://login.example.org/realms/staff</c>. Default empty: sign-in by a one-time link.</summary>
    public string Authority { get; set; } = "";

    /// <summary>The client's id there. Default <c>credsync</c>.</summary>
    [Required]
    public string ClientId { get; set; } = "credsync";

    /// <summary>Reference of the client's secret, as <c>env:NAME</c> or <c>file:/path</c>. Default null: a public client.</summary>
    public string? ClientSecret { get; set; }

    /// <summary>The claim that names somebody in the audit. Default <c>preferred_username</c>.</summary>
    [Required]
    public string NameClaim { get; set; } = "preferred_username";

    /// <summary>The claim that lists somebody's groups. Default <c>roles</c>.</summary>
    [Required]
    public string RoleClaim { get; set; } = "roles";

    /// <summary>The group whose members see everything. Default <c>credsync-viewer</c>.</summary>
    [Required]
    public string Viewers { get; set; } = "credsync-viewer";

    /// <summary>The group whose members also repair. Default <c>credsync-operator</c>.</summary>
    [Required]
    public string Operators { get; set; } = "credsync-operator";

    /// <summary>The group whose members also give keys. Default <c>credsync-admin</c>.</summary>
    [Required]
    public string Admins { get; set; } = "credsync-admin";
}

/// <summary>Where alerts are told; section <c>Alerts</c> of appsettings.json.</summary>
public sealed class AlertOptions
{
    /// <summary>The address at which people reach the screens, for the links in alerts. Default null: the address that is listened on.</summary>
    public string? PublicAddress { get; set; }

    /// <summary>An address that gets each alert as JSON by POST. Default null: none.</summary>
    public string? Webhook { get; set; }

    /// <summary>Alerts by e-mail. Default null: none.</summary>
    public MailOptions? Mail { get; set; }
}

/// <summary>How alerts travel by e-mail; section <c>Alerts:Mail</c> of appsettings.json.</summary>
public sealed class MailOptions
{
    /// <summary>The mail server. Default empty: no e-mail.</summary>
    public string Host { get; set; } = "";

    /// <summary>Its port. Default 587.</summary>
    [Range(1, 65535)]
    public int Port { get; set; } = 587;

    /// <summary>Whether the connection is encrypted. Default true.</summary>
    public bool Tls { get; set; } = true;

    /// <summary>The user there; null: no sign-in. Default null.</summary>
    public string? User { get; set; }

    /// <summary>Reference of the password, as <c>env:NAME</c> or <c>file:/path</c>. Default null.</summary>
    public string? Password { get; set; }

    /// <summary>Whom it is from. Default <c>credsync@localhost</c>.</summary>
    [Required]
    public string From { get; set; } = "credsync@localhost";

    /// <summary>Whom it is for. Default <c>operators@localhost</c>.</summary>
    [Required]
    public string To { get; set; } = "operators@localhost";
}

/// <summary>Traces and metrics; section <c>Telemetry</c> of appsettings.json.</summary>
public sealed class TelemetryOptions
{
    /// <summary>A collector that takes OTLP over gRPC, for example <c>http://127.0.0.1:4317</c>. Default null: none; metrics are at <c>/metrics</c> in any case.</summary>
    public string? Otlp { get; set; }
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
