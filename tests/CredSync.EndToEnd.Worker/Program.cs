using CredSync.EndToEnd.Worker;
using CredSync.Host;
using CredSync.Issuers;
using CredSync.Registration;
using CredSync.Sources;

// CredSync as somebody else would build it: the built-in adapters, and one issuer of their own.
return await CredSyncApp.RunAsync(args, builder =>
{
    builder.AddBuiltInSources();
    builder.AddBuiltInIssuers();
    builder.AddIssuer<Press, PressOptions>("press", "A press far away that mints at once and answers when it likes.");
});
