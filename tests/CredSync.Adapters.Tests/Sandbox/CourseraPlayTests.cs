using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using CredSync.Sandbox;
using CredSync.Sandbox.Coursera;
using Microsoft.Extensions.Time.Testing;

namespace CredSync.Adapters.Tests.Sandbox;

/// <summary>A play Coursera with thirty members, two programs and a specialization, and a client that holds a token.</summary>
public abstract class CourseraPlayTests : IAsyncLifetime
{
    protected const string Program = "pA0000000000000000000A";
    protected const string OtherProgram = "pB0000000000000000000B";
    protected const string Course = "cA0000000000000000000A";
    protected const string SecondCourse = "cB0000000000000000000B";
    protected const string Specialization = "sA0000000000000000000A";
    protected static readonly DateTimeOffset Day = new(2026, 3, 2, 9, 0, 0, 123, TimeSpan.Zero);

    protected FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 6, 1, 0, 0, 0, TimeSpan.Zero));
    protected CourseraWorld World { get; } = new();
    protected CourseraPlatform Coursera { get; }
    protected HttpClient Client { get; } = new();
    private SandboxServer? _server;

    protected CourseraPlayTests()
    {
        Coursera = new CourseraPlatform(World);
        World.Add(new CourseraContent { Id = Course, Name = "Cleaning", Slug = "cleaning" });
        World.Add(new CourseraContent { Id = SecondCourse, Name = "SQL", Slug = "sql" });
        World.Add(new CourseraContent { Id = Specialization, Name = "Data", Slug = "data", CourseIds = [Course, SecondCourse] });
        World.Add(new CourseraProgram { Id = Program, Name = "Academy", Slug = "academy", ContentIds = [Course, SecondCourse, Specialization] });
        World.Add(new CourseraProgram { Id = OtherProgram, Name = "Other", Slug = "other", ContentIds = [Course], ContractId = "other-contract" });
        for (int i = 1; i <= 30; i++)
        {
            string number = i.ToString(CultureInfo.InvariantCulture);
            World.Add(new CourseraMember { ExternalId = "NW-" + number, FullName = "Learner " + number, Email = $"l{number}@example.com" });
        }
    }

    protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await SandboxServer.StartAsync([Coursera], new SandboxOptions { Time = Time }, Ct);
        Client.BaseAddress = Coursera.Address;
        await AuthenticateAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _server!.DisposeAsync();
    }

    protected void CompleteAll()
    {
        for (int i = 1; i <= 30; i++)
        {
            World.Complete(Program, "NW-" + i.ToString(CultureInfo.InvariantCulture), Course, Day.AddHours(i), 0.9);
        }
    }

    protected async Task AuthenticateAsync() => (await MintAsync("northwind-play-app:northwind-play-secret", "client_credentials")).Status.ShouldBe(HttpStatusCode.OK);

    protected async Task<(HttpStatusCode Status, JsonElement Body)> MintAsync(string credentials, string grant, Uri? platform = null)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, new Uri(platform ?? Coursera.Address, "oauth2/client_credentials/token"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials)));
        request.Content = new FormUrlEncodedContent([new("grant_type", grant)]);
        using HttpResponseMessage response = await Client.SendAsync(request, Ct);
        JsonElement body = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Ct)).RootElement;
        if (response.IsSuccessStatusCode)
        {
            Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", body.GetProperty("access_token").GetString());
        }

        return (response.StatusCode, body);
    }

    protected async Task<(HttpStatusCode Status, JsonElement Body)> GetAsync(string path)
    {
        using HttpResponseMessage response = await Client.GetAsync("ent/api/businesses.v1/Qm3vTz0kEe6h1QqV7dX2Lw/" + path, Ct);
        return (response.StatusCode, JsonDocument.Parse(await response.Content.ReadAsStringAsync(Ct)).RootElement);
    }

    protected async Task<string> ErrorAsync(string path, HttpStatusCode status)
    {
        (HttpStatusCode actual, JsonElement body) = await GetAsync(path);
        actual.ShouldBe(status);
        return body.GetRawText();
    }

    protected async Task<JsonElement[]> RowsAsync(string query) => [.. (await GetAsync("enrollmentReports" + query)).Body.GetProperty("elements").EnumerateArray()];
}
