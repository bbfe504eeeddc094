using System.Net;
using System.Text;
using CredSync.Completions;
using CredSync.Conformance.Http;

namespace CredSync.Adapters.Tests.Conformance;

/// <summary>What is recorded holds no token that was handed out on the way, and after <see cref="Transcript.WithoutPeople"/> nobody who exists.</summary>
public sealed class TranscriptTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_token_that_the_platform_hands_out_is_scrubbed_from_then_on()
    {
        TranscriptRecorder recorder = new(new Answering(
            """{"access_token":"tok\/en-abcdef","expires_in":3600}""", """{"items":[],"next":"https://api.example.org/items?access_token=tok/en-abcdef"}"""), ["client-secret-1"]);
        using HttpClient client = new(recorder);
        using FormUrlEncodedContent form = new([new("client_secret", "client-secret-1"), new("password", "hunter22")]);
        await client.PostAsync(new Uri("https://api.example.org/token"), form, Ct);
        using HttpRequestMessage request = new(HttpMethod.Get, "https://api.example.org/items?session=basic-pair-1");
        request.Headers.Authorization = new("Basic", "basic-pair-1");
        await client.SendAsync(request, Ct);
        string written = recorder.Recorded.ToJson();
        foreach (string secret in (string[])["client-secret-1", "hunter22", "tok/en-abcdef", "tok\\/en-abcdef", "basic-pair-1"])
        {
            written.ShouldNotContain(secret);
        }

        recorder.Recorded.Exchanges[0].Body.ShouldStartWith("client_secret=SECRET-1&");
        recorder.Recorded.Exchanges[1].Request.ShouldMatch("GET /items\\?session=SECRET-[0-9]+");
    }

    [Fact]
    public void People_become_invented_ones_the_same_everywhere()
    {
        Transcript recorded = new()
        {
            Exchanges =
            [
                new() { Request = "GET /users?page=1", Status = 200, Answer = """[{"id":7,"firstname":"Ada","lastname":"Moreno","fullname":"Ada Moreno","email":"Ada.Moreno@corp.example"},{"id":8,"firstname":"Ben","lastname":"Okri","email":"ben@corp.example"}]""" },
                new() { Request = "GET /certificates/amoreno/?mail=ada.moreno%40corp.example", Status = 200, Answer = """{"course":{"fullname":"Data for Ada"},"holder":"Ada Moreno","number":"NW-1","contact":"ask teacher@corp.example"}""" },
                new() { Request = "POST /find", Body = "email=ada.moreno%40corp.example&name=Ada+Moreno", Status = 200, Answer = "external_id,email\nNW-1,ada.moreno@corp.example\n" },
            ],
        };
        Completion ada = new()
        {
            Key = new("s", "7"),
            Identifiers = [new(IdentifierKinds.ExternalId, "NW-1"), new(IdentifierKinds.Username, "amoreno"), new(IdentifierKinds.Email, "ada.moreno@corp.example"), new(IdentifierKinds.LmsUserId, "7")],
            PersonName = "Ada Moreno",
            Course = new() { Key = "c" },
            Status = CompletionStatus.Completed,
        };
        IReadOnlyList<Exchange> invented = recorded.WithoutPeople([ada]).Exchanges;
        string all = string.Join('\n', invented.Select(e => $"{e.Request}\n{e.Body}\n{e.Answer}"));
        foreach (string real in (string[])["Moreno", "Okri", "\"Ben\"", "corp.example", "amoreno", "NW-1"])
        {
            all.ShouldNotContain(real, Case.Insensitive);
        }

        invented[0].Answer.ShouldBe("""[{"id":7,"firstname":"Person","lastname":"N1","fullname":"Person N1","email":"person-1@example.org"},{"id":8,"firstname":"Person","lastname":"N2","email":"person-3@example.org"}]""");
        invented[1].Request.ShouldBe("GET /certificates/id-1/?mail=person-1%40example.org");
        invented[1].Answer.ShouldContain("Data for Ada", Case.Sensitive, "a course is nobody");
        invented[2].Body.ShouldBe("email=person-1%40example.org&name=Person%20N1");
    }

    private sealed class Answering(params string[] answers) : HttpMessageHandler
    {
        private int asked;

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(answers[asked++], Encoding.UTF8, "application/json") });
    }
}
