using System.ComponentModel.DataAnnotations;

namespace CredSync.Host.Intake.Hooks;

/// <summary>Where deliveries of platforms arrive; section <c>Hooks</c> of appsettings.json. Only used by the intake role, and only when a source has a <c>webhook</c>.</summary>
public sealed class HookOptions
{
    /// <summary>Address to listen on, without encryption: a reverse proxy in front brings HTTPS. Port 0 takes a free one. Default <c>http://127.0.0.1:8086</c>: this machine only.</summary>
    [Required]
    public string Address { get; set; } = "http://127.0.0.1:8086";
}
