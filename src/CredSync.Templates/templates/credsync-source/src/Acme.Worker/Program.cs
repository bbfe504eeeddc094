using Acme;
using CredSync.Host;
using CredSync.Issuers;
using CredSync.Sources;

// credsync with one adapter more: every command that it has, this program has.
return await CredSyncApp.RunAsync(args, builder =>
{
    builder.AddBuiltInSources();
    builder.AddBuiltInIssuers();
    builder.AddAcmeSource();
});
