using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using CredSync.Sandbox;
using CredSync.Sandbox.Edx;
using Microsoft.Extensions.Time.Testing;

namespace CredSync.Adapters.Tests.Sandbox;

/// <summary>A play Open edX with sixty learners and two course runs, and a client that holds a token.</summary>
public abstract class EdxPlayTests : IAsyncLifetime
{
    protected const string Run = "course-v1:NorthX+DATA101+2026_T1";
    protected const string NoPage = "course-v1:NorthX+NOPAGE+2026_T1";
    protected static readonly DateTimeOffset Day = new DateTimeOffset(2026, 1, 1, 8, 12, 3, TimeSpan.Zero).AddMicroseconds(456789);

    protected FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 1, 4, 0, 0, 0, TimeSpan.Zero));
    protected EdxWorld World { get; } = new();
    protected EdxPlatform Edx { get; }
    protected HttpClient Client { get; } = new();
    private SandboxServer? _server;

    protected EdxPlayTests()
    {
        Edx = new EdxPlatform(World);
        World.Add(new EdxCourse { Run = Run, Title = "Practical Data Cleaning" });
        World.Add(new EdxCourse { Run = NoPage, Title = "No page", HasCertificatePage = false });
        for (int i = 1; i <= 60; i++)
        {
            string number = i.ToString(CultureInfo.InvariantCulture);
            World.Add(new EdxUser { Id = 5000 + i, UserName = "u" + number, Name = "Learner " + number, Email = $"u{number}@example.org", SsoUid = "NW-" + number });
        }
    }

    protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await SandboxServer.StartAsync([Edx], new SandboxOptions { Time = Time }, Ct);
        Client.BaseAddress = Edx.Address;
        await AuthenticateAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _server!.DisposeAsync();
    }

    protected void Pass(string user, DateTimeOffset at)
    {
        World.Enrol(user, Run, at.AddDays(-30));
        World.Grade(user, Run, 0.93, at);
    }

    protected async Task AuthenticateAsync()
    {
        JsonElement token = (await MintAsync("oauth2/access_token", "jwt", World.ClientSecret)).Body;
        Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("JWT", token.GetProperty("access_token").GetString());
        Client.DefaultRequestHeaders.Accept.Clear();
        Client.DefaultRequestHeaders.Accept.ParseAdd("application/json");
    }

    protected async Task<(HttpStatusCode Status, JsonElement Body)> MintAsync(string path, string type, string secret)
    {
        using FormUrlEncodedContent form = new([new("grant_type", "client_credentials"), new("client_id", World.ClientId), new("client_secret", secret), new("token_type", type)]);
        using HttpResponseMessage response = await Client.PostAsync(path, form, Ct);
        return (response.StatusCode, await response.Content.ReadFromJsonAsync<JsonElement>(Ct));
    }

    protected async Task<(HttpStatusCode Status, JsonElement Body)> GetAsync(string path)
    {
        using HttpResponseMessage response = await Client.GetAsync(path, Ct);
        return (response.StatusCode, await response.Content.ReadFromJsonAsync<JsonElement>(Ct));
    }
}
