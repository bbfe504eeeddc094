using System.Net;
using System.Text.Json;
using CredSync.Sandbox.Edx;
using CredSync.Sandbox.Faults;

namespace CredSync.Adapters.Tests.Sandbox;

/// <summary>What the play Open edX tells by itself: nightly reports and hooks. Compared with the projects' documentation; there are no recordings.</summary>
public sealed class EdxDeliveryTests : EdxPlayTests
{
    [Theory]
    [InlineData("enterprise/v3/enterprise-customer/6f2c1d7a-9f0e-4a0b-8a39-2f6f5b1f0c11/learner-summary", "course_start")]
    [InlineData("enterprise/api/v1/enterprise/6f2c1d7a-9f0e-4a0b-8a39-2f6f5b1f0c11/enrollments/", "course_start_date")]
    public async Task Enterprise_reports_tell_the_day_only_after_the_night_and_no_address_without_consent(string path, string startName)
    {
        World.Refresh = EdxRefresh.ByHand;
        Pass("u1", Day);
        Pass("u2", Day.AddDays(-20));
        World.Change("u2", user => user with { Consents = false });
        Pass("u3", Day);
        World.Unlink("u3");
        (await GetAsync(path)).Body.GetProperty("count").GetInt32().ShouldBe(0);
        World.RefreshReports(Day.AddDays(1));
        JsonElement page = (await GetAsync(path + "?page_size=1")).Body;
        page.GetProperty("count").GetInt32().ShouldBe(2);
        page.GetProperty("num_pages").GetInt32().ShouldBe(2);
        JsonElement second = (await GetAsync(page.GetProperty("next").GetString()!)).Body;
        second.GetProperty("next").ValueKind.ShouldBe(JsonValueKind.Null);
        JsonElement first = page.GetProperty("results")[0];
        first.GetProperty("user_email").ValueKind.ShouldBe(JsonValueKind.Null);
        first.GetProperty("is_consent_granted").GetBoolean().ShouldBeFalse();
        first.TryGetProperty(startName, out _).ShouldBeTrue();
        JsonElement row = second.GetProperty("results")[0];
        row.GetProperty("passed_date").GetString().ShouldBe("2026-01-01");
        row.GetProperty("courserun_key").GetString().ShouldBe(Run);
        row.GetProperty("course_key").GetString().ShouldBe("NorthX+DATA101");
        row.GetProperty("enterprise_sso_uid").GetString().ShouldBe("NW-1");
        (await GetAsync(path + "?passed_date=last_week")).Body.GetProperty("count").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task Edx_for_Business_answers_in_XML_unless_asked_for_JSON()
    {
        Client.DefaultRequestHeaders.Accept.Clear();
        using HttpResponseMessage response = await Client.GetAsync("enterprise/v3/enterprise-customer/6f2c1d7a-9f0e-4a0b-8a39-2f6f5b1f0c11/learner-summary", Ct);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/xml");
        using HttpResponseMessage other = await Client.GetAsync("enterprise/v3/enterprise-customer/00000000-0000-0000-0000-000000000000/learner-summary", Ct);
        other.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Hooks_repeat_themselves_carryTimes_with_a_space_and_are_sent_once()
    {
        await using HookReceiver receiver = await HookReceiver.StartAsync(Ct);
        World.Enrol("u1", Run, Day.AddDays(-30));
        World.Grade("u1", Run, 0.4, Day.AddDays(-1));
        World.Grade("u1", Run, 0.93, Day);
        World.Revoke("u1", Run, Day.AddDays(1));
        (await Edx.SendHooksAsync(receiver.Address, Client, Ct)).ShouldBe(6);
        (await Edx.SendHooksAsync(receiver.Address, Client, Ct)).ShouldBe(0);

        receiver.Bodies.Select(Type).ShouldBe(
        [
            "course.passing.status.updated", "course.passing.status.updated", "certificate.created", "certificate.changed", "certificate.changed", "certificate.revoked",
        ]);
        JsonElement certificate = receiver.Bodies[2];
        certificate.EnumerateObject().First().Name.ShouldBe("openedx_events.learning.data.CertificateData");
        certificate.GetProperty("event_metadata").GetProperty("time").GetString().ShouldBe("2026-01-01 08:12:03.456789+00:00");
        receiver.Bodies[5].GetProperty("openedx_events.learning.data.CertificateData").GetProperty("current_status").GetString().ShouldBe("unavailable");
        receiver.Bodies.Select(body => body.GetProperty("event_metadata").GetProperty("id").GetGuid()).ShouldBeUnique();

        static string Type(JsonElement body) => body.GetProperty("event_metadata").GetProperty("event_type").GetString()!.Replace("org.openedx.learning.", "", StringComparison.Ordinal).Replace(".v1", "", StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hook_that_cannot_be_sent_is_lost()
    {
        Uri nobody;
        await using (HookReceiver receiver = await HookReceiver.StartAsync(Ct))
        {
            nobody = receiver.Address;
        }

        Pass("u1", Day);
        (await Edx.SendHooksAsync(nobody, Client, Ct)).ShouldBe(0);
        await using HookReceiver later = await HookReceiver.StartAsync(Ct);
        (await Edx.SendHooksAsync(later.Address, Client, Ct)).ShouldBe(0);
    }

    [Fact]
    public async Task Faults_end_tokens_repeat_pages_and_hide_passes()
    {
        Pass("u1", Day);
        Pass("u2", Day);
        string grades = $"api/grades/v1/courses/{Uri.EscapeDataString(Run)}/?page_size=1";
        JsonElement first = (await GetAsync(grades)).Body;
        Edx.Faults.Add(new PlayFault { Kind = PlayFaultKind.DuplicatePage, Operation = "grades", Count = 1 });
        JsonElement.DeepEquals((await GetAsync(first.GetProperty("next").GetString()!)).Body, first).ShouldBeTrue();
        Edx.Faults.Add(new PlayFault { Kind = PlayFaultKind.VanishedCompletion, Count = 1 });
        (await GetAsync("api/certificates/v0/certificates/u1")).Body.GetArrayLength().ShouldBe(0);
        Edx.Faults.Add(new PlayFault { Kind = PlayFaultKind.ExpiredToken, Count = 1 });
        (await GetAsync(grades)).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await GetAsync(grades)).Status.ShouldBe(HttpStatusCode.Unauthorized);
        await AuthenticateAsync();
        (await GetAsync(grades)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public void Northwinds_certificates_are_what_the_plot_expects_after_every_step()
    {
        NorthwindEdxScript script = NorthwindEdxScript.Create(5);
        script.Timeline.ShouldBe(NorthwindEdxScript.Create(5).Timeline);
        do
        {
            script.World.Certificates().Select(x => ("NW-" + x.UserName[2..], x.Run, x.CreatedAt, x.Grade)).ShouldBe(
                script.ExpectedAfter(script.Position).Where(x => !x.Revoked).Select(x => (x.Learner, x.Run, x.PassedAt, (double?)x.Grade)), ignoreOrder: true);
        }
        while (script.PlayNext() is not null);
    }
}
