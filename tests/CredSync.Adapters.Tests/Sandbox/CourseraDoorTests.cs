using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using CredSync.Sandbox.Faults;

namespace CredSync.Adapters.Tests.Sandbox;

/// <summary>Who is let in, and how the wrong address is refused. Compared with the specification; there are no recordings.</summary>
public sealed class CourseraDoorTests : CourseraPlayTests
{
    [Fact]
    public async Task A_token_needs_the_apps_key_and_secret_and_the_right_grant()
    {
        (await MintAsync("nobody:nothing", "client_credentials")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await MintAsync("northwind-play-app:northwind-play-secret", "password")).Status.ShouldBe(HttpStatusCode.BadRequest);
        (HttpStatusCode status, JsonElement token) = await MintAsync("northwind-play-app:northwind-play-secret", "client_credentials");
        status.ShouldBe(HttpStatusCode.OK);
        token.GetProperty("expires_in").GetInt32().ShouldBe(1799);
        token.GetProperty("issued_at").GetInt64().ShouldBe(Time.GetUtcNow().ToUnixTimeSeconds());
        token.GetProperty("token_type").GetString().ShouldBe("Bearer");
    }

    [Fact]
    public async Task A_token_ends_with_itsTime_or_by_a_fault_and_says_so()
    {
        (await GetAsync("enrollmentReports")).Status.ShouldBe(HttpStatusCode.OK);
        Time.Advance(TimeSpan.FromSeconds(1799));
        (await ErrorAsync("enrollmentReports", HttpStatusCode.Unauthorized)).ShouldContain("access_token_expired");
        await AuthenticateAsync();
        Coursera.Faults.Add(new PlayFault { Kind = PlayFaultKind.ExpiredToken, Count = 1, Operation = "enrollmentReports" });
        (await ErrorAsync("enrollmentReports", HttpStatusCode.Unauthorized)).ShouldContain("access_token_expired");
        (await ErrorAsync("enrollmentReports", HttpStatusCode.Unauthorized)).ShouldContain("access_token_expired");
        Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "eyJnonsense");
        (await ErrorAsync("enrollmentReports", HttpStatusCode.Unauthorized)).ShouldContain("invalid_access_token");
    }

    [Theory]
    [InlineData("ent/api/businesses.v1/Qm3vTz0kEe6h1QqV7dX2Lw", HttpStatusCode.OK)]
    [InlineData("ent/api/businesses.v1/northwind/enrollmentReports", HttpStatusCode.BadRequest)]
    [InlineData("ent/api/businesses.v1/somebody-else/enrollmentReports", HttpStatusCode.NotFound)]
    [InlineData("ent/api/businesses.v1/Zz3vTz0kEe6h1QqV7dX2Lw/enrollmentReports", HttpStatusCode.Forbidden)]
    [InlineData("api/businesses.v1/Qm3vTz0kEe6h1QqV7dX2Lw/enrollmentReports", HttpStatusCode.Forbidden)]
    [InlineData("ent/api/businesses.v1/Qm3vTz0kEe6h1QqV7dX2Lw/learnerReports", HttpStatusCode.NotFound)]
    [InlineData("ent/api/rest/v1/enterprise/Qm3vTz0kEe6h1QqV7dX2Lw/enrollmentReports", HttpStatusCode.BadRequest)]
    public async Task The_wrong_address_is_refused_in_the_way_that_tells_least(string path, HttpStatusCode status)
    {
        using HttpResponseMessage response = await Client.GetAsync(path, Ct);
        response.StatusCode.ShouldBe(status);
    }

    [Fact]
    public async Task An_app_that_is_not_enabled_gets_a_token_and_nothing_else()
    {
        World.AppEnabled = false;
        await AuthenticateAsync();
        (await ErrorAsync("enrollmentReports", HttpStatusCode.Forbidden)).ShouldContain("Not Authorized");
    }
}
