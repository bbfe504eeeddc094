namespace CredSync.Core.Configuration;

/// <summary>A configuration file, already read.</summary>
/// <param name="Path">
/// How it is named in findings, with <c>/</c> between folders. The last folder and the name say what it holds: <c>credsync.yaml</c>, <c>people.yaml</c>,
/// and files in <c>sources</c>, <c>issuers</c> and <c>credentials</c>; YAML or JSON. Files called <c>appsettings*.json</c> are passed over.
/// </param>
/// <param name="Text">Its text.</param>
public sealed record ConfigurationFile(string Path, string Text);
