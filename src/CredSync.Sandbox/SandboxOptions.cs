namespace CredSync.Sandbox;

/// <summary>How a <see cref="SandboxServer"/> runs.</summary>
public sealed record SandboxOptions
{
    /// <summary>The port on 127.0.0.1; 0, the default, takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>The clock for token expiry, enrolment periods and slow answers. Default: the system's.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Whether faults can be set and scripts advanced over HTTP under <c>/_sandbox</c>. Default: yes.</summary>
    public bool AdminEndpoints { get; init; } = true;
}
