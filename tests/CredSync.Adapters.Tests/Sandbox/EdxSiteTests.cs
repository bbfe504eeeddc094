using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace CredSync.Adapters.Tests.Sandbox;

/// <summary>Tokens, certificates, grades and accounts of the play Open edX. Compared with the projects' documentation; there are no recordings.</summary>
public sealed class EdxSiteTests : EdxPlayTests
{
    [Theory]
    [InlineData("oauth2/access_token", JsonValueKind.Number)]
    [InlineData("oauth2/v1/access_token", JsonValueKind.String)]
    public async Task A_token_is_a_JWT_whose_life_is_told_as_a_number_or_as_text(string path, JsonValueKind kind)
    {
        JsonElement token = (await MintAsync(path, "JWT", World.ClientSecret)).Body;
        token.GetProperty("token_type").GetString().ShouldBe("JWT");
        token.GetProperty("access_token").GetString()!.Split('.').Length.ShouldBe(3);
        token.GetProperty("expires_in").ValueKind.ShouldBe(kind);
        (await MintAsync(path, "JWT", "wrong")).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_JWT_is_only_good_under_its_own_word_for_itsTime_and_for_staff()
    {
        string jwt = Client.DefaultRequestHeaders.Authorization!.Parameter!;
        (await GetAsync("api/certificates/v0/certificates/u1")).Status.ShouldBe(HttpStatusCode.OK);
        Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", jwt);
        (await GetAsync("api/certificates/v0/certificates/u1")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("JWT", jwt);
        World.IsStaff = false;
        (await GetAsync("api/certificates/v0/certificates/u1")).Status.ShouldBe(HttpStatusCode.Forbidden);
        World.IsStaff = true;
        Time.Advance(World.TokenLifetime);
        (await GetAsync("api/certificates/v0/certificates/u1")).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_first_pass_brings_a_certificate_that_a_revocation_takes_from_the_list_and_not_from_the_detail()
    {
        World.Enrol("u1", Run, Day.AddDays(-30));
        World.Grade("u1", Run, 0.4, Day.AddDays(-1));
        (await GetAsync("api/certificates/v0/certificates/u1")).Body.GetArrayLength().ShouldBe(0);
        World.Grade("u1", Run, 0.93, Day);
        JsonElement listed = (await GetAsync("api/certificates/v0/certificates/u1")).Body[0];
        listed.GetProperty("created_date").GetString().ShouldBe("2026-01-01T08:12:03.456789Z");
        listed.GetProperty("grade").GetString().ShouldBe("0.93");
        listed.GetProperty("course_organization").GetString().ShouldBe("NorthX");

        World.Revoke("u1", Run, Day.AddDays(1));
        (await GetAsync("api/certificates/v0/certificates/u1")).Body.GetArrayLength().ShouldBe(0);
        JsonElement detail = (await GetAsync($"api/certificates/v0/certificates/u1/courses/{Uri.EscapeDataString(Run)}/")).Body;
        detail.GetProperty("status").GetString().ShouldBe("unavailable");
        detail.GetProperty("is_passing").GetBoolean().ShouldBeFalse();
        detail.GetProperty("grade").GetString().ShouldBe("");
        detail.GetProperty("download_url").ValueKind.ShouldBe(JsonValueKind.Null);

        World.Certify("u1", Run, Day.AddDays(2));
        JsonElement again = (await GetAsync("api/certificates/v0/certificates/u1")).Body[0];
        again.GetProperty("uuid").GetString().ShouldBe(listed.GetProperty("uuid").GetString());
        again.GetProperty("created_date").GetString().ShouldBe(listed.GetProperty("created_date").GetString());
        again.GetProperty("modified_date").GetString().ShouldNotBe(listed.GetProperty("modified_date").GetString());
    }

    [Theory]
    [InlineData("u1", "not-a-key", "course_id_not_valid")]
    [InlineData("u1", Run, "no_certificate_for_user")]
    [InlineData("nobody", Run, "no_certificate_for_user")]
    [InlineData("u2", NoPage, "no_certificate_configuration_for_course")]
    public async Task A_certificate_that_cannot_be_shown_says_which_kind_of_not_found_it_is(string user, string run, string code)
    {
        World.Enrol("u2", NoPage, Day);
        World.Grade("u2", NoPage, 0.9, Day);
        (HttpStatusCode status, JsonElement body) = await GetAsync($"api/certificates/v0/certificates/{user}/courses/{Uri.EscapeDataString(run)}/");
        status.ShouldBe(HttpStatusCode.NotFound);
        body.GetProperty("error_code").GetString().ShouldBe(code);
    }

    [Fact]
    public async Task A_hidden_profile_looks_like_no_certificate_at_all()
    {
        Pass("u1", Day);
        World.Change("u1", user => user with { ProfileHidden = true });
        (HttpStatusCode status, JsonElement body) = await GetAsync("api/certificates/v0/certificates/u1");
        status.ShouldBe(HttpStatusCode.OK);
        body.GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task Grades_come_in_pages_of_fifty_withoutTimes_or_addresses_and_without_those_who_left()
    {
        for (int i = 1; i <= 60; i++)
        {
            Pass("u" + i.ToString(CultureInfo.InvariantCulture), Day);
        }

        World.Enrol("u7", Run, Day, mode: "masters");
        World.Unenrol("u8", Run, Day);
        List<JsonElement> rows = [];
        string? next = $"api/grades/v1/courses/{Uri.EscapeDataString(Run)}/";
        List<int> sizes = [];
        while (next is not null)
        {
            JsonElement page = (await GetAsync(next)).Body;
            sizes.Add(page.GetProperty("results").GetArrayLength());
            rows.AddRange(page.GetProperty("results").EnumerateArray());
            next = page.GetProperty("next").GetString();
        }

        sizes.ShouldBe([50, 9]);
        rows.Select(row => row.GetProperty("username").GetString()).ShouldBeUnique();
        rows.ShouldNotContain(row => row.GetProperty("username").GetString() == "u8");
        rows.Where(row => row.GetProperty("email").GetString() != "").Select(row => row.GetProperty("username").GetString()).ShouldBe(["u7"]);
        rows[0].EnumerateObject().Select(member => member.Name).ShouldBe(["username", "email", "course_id", "passed", "percent", "letter_grade"]);
    }

    [Theory]
    [InlineData("not-a-key/", HttpStatusCode.BadRequest, "invalid_course_key")]
    [InlineData("course-v1:NorthX+NONE+2026_T1/", HttpStatusCode.NotFound, "course_does_not_exist")]
    [InlineData(Run + "/?username=nobody", HttpStatusCode.NotFound, "user_does_not_exist")]
    [InlineData(Run + "/?username=u1", HttpStatusCode.NotFound, "user_not_enrolled")]
    public async Task A_grade_that_cannot_be_told_says_why(string path, HttpStatusCode status, string code)
    {
        (HttpStatusCode actual, JsonElement body) = await GetAsync("api/grades/v1/courses/" + path);
        actual.ShouldBe(status);
        body.GetProperty("error_code").GetString().ShouldBe(code);
    }

    [Fact]
    public async Task A_plus_in_a_query_must_be_escaped()
    {
        Pass("u1", Day);
        (await GetAsync("api/enrollment/v1/enrollments?course_id=" + Uri.EscapeDataString(Run))).Body.GetProperty("results").GetArrayLength().ShouldBe(1);
        (await GetAsync("api/enrollment/v1/enrollments?course_id=" + Run)).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Accounts_are_found_by_name_address_and_id_and_retired_ones_are_not()
    {
        (await GetAsync("api/user/v1/accounts?username=u1,u2")).Body.GetArrayLength().ShouldBe(2);
        (await GetAsync("api/user/v1/accounts?email=u3@example.org")).Body[0].GetProperty("username").GetString().ShouldBe("u3");
        (await GetAsync("api/user/v1/accounts?lms_user_id=5004")).Body[0].GetProperty("username").GetString().ShouldBe("u4");
        using HttpResponseMessage search = await Client.PostAsJsonAsync("api/user/v1/accounts/search_emails", new { emails = new[] { "U5@example.org", "x@example.org" } }, Ct);
        (await search.Content.ReadFromJsonAsync<JsonElement>(Ct))[0].GetProperty("id").GetInt32().ShouldBe(5005);
        World.Change("u3", user => user with { Retired = true });
        (await GetAsync("api/user/v1/accounts?email=u3@example.org")).Status.ShouldBe(HttpStatusCode.NotFound);
    }
}
