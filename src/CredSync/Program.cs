using CredSync;
using CredSync.Host;
using CredSync.Issuers;
using CredSync.Sources;

// The one file that knows everybody: the built-in adapters, and the play platforms of demo and sandbox.
return await CredSyncApp.RunAsync(args, builder =>
{
    builder.AddBuiltInSources();
    builder.AddBuiltInIssuers();
    builder.PlayWorld = NorthwindWorld.StartAsync;
});
