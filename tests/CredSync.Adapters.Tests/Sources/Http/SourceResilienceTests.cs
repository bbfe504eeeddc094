using System.Net;
using System.Net.Http.Headers;
using CredSync.Registration;
using CredSync.Sources;
using CredSync.Sources.Http;
using Microsoft.Extensions.DependencyInjection;

namespace CredSync.Adapters.Tests.Sources.Http;

public sealed class SourceResilienceTests
{
    private readonly InstantTime time = new();
    private int sent;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_request_is_sent_three_times_and_the_waits_are_on_the_injected_clock()
    {
        SourceException fault = await Should.ThrowAsync<SourceException>(() => GetAsync(new(), _ => new HttpResponseMessage(HttpStatusCode.BadGateway)));
        fault.Kind.ShouldBe(FaultKind.Outage);
        sent.ShouldBe(3);
        time.Waits.Count.ShouldBe(2);
        time.Waits.ShouldAllBe(wait => wait > TimeSpan.Zero && wait < TimeSpan.FromSeconds(10));
    }

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(501)]
    public async Task What_repeating_cannot_mend_is_sent_once(int status)
    {
        await Should.ThrowAsync<SourceException>(() => GetAsync(new(), _ => new HttpResponseMessage((HttpStatusCode)status)));
        sent.ShouldBe(1);
    }

    [Fact]
    public async Task A_short_retry_after_is_waited_out_within_the_request()
    {
        HttpResponseMessage answer = await GetAsync(new(), n => n == 1 ? Limited(new(TimeSpan.FromSeconds(4))) : Ok());
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        time.Waits.ShouldHaveSingleItem().ShouldBe(TimeSpan.FromSeconds(4));
    }

    [Fact]
    public async Task A_short_retry_after_may_be_a_date()
    {
        await GetAsync(new(), n => n == 1 ? Limited(new(time.Now.AddSeconds(3))) : Ok());
        time.Waits.ShouldHaveSingleItem().ShouldBe(TimeSpan.FromSeconds(3));
    }

    [Fact]
    public async Task A_date_in_the_past_asks_for_no_wait_of_its_own()
    {
        await GetAsync(new(), n => n == 1 ? Limited(new(time.Now.AddHours(-1))) : Ok());
        time.Waits.ShouldHaveSingleItem().ShouldBeLessThan(TimeSpan.FromSeconds(3));
    }

    [Fact]
    public async Task A_long_retry_after_is_not_waited_out()
    {
        SourceException fault = await Should.ThrowAsync<SourceException>(() => GetAsync(new(), _ => Limited(new(TimeSpan.FromSeconds(6)))));
        (fault.Kind, fault.RetryAfter).ShouldBe((FaultKind.RateLimited, TimeSpan.FromSeconds(6)));
        sent.ShouldBe(1);
        time.Waits.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_platform_that_never_answers_times_out_at_each_try()
    {
        SourceException fault = await Should.ThrowAsync<SourceException>(() => GetAsync(
            new() { TryTimeout = TimeSpan.FromMilliseconds(20) }, async (_, ct) =>
            {
                await new TaskCompletionSource().Task.WaitAsync(ct);
                return Ok();
            }));
        fault.Kind.ShouldBe(FaultKind.Outage);
        fault.Message.ShouldContain("0.02 s");
        sent.ShouldBe(3);
    }

    [Fact]
    public async Task A_source_that_fails_again_and_again_is_left_alone_and_another_is_not()
    {
        SourceHttpSettings settings = new() { BreakAfter = 2, BreakFor = TimeSpan.FromHours(1), Tries = 1 };
        await using ServiceProvider services = Services(settings, (_, _) => Task.FromResult(new HttpResponseMessage(HttpStatusCode.BadGateway)));
        for (int i = 0; i < 2; i++)
        {
            await Should.ThrowAsync<SourceException>(() => GetAsync(services, settings, "one"));
        }

        SourceException fault = await Should.ThrowAsync<SourceException>(() => GetAsync(services, settings, "one"));
        (fault.Kind, fault.RetryAfter).ShouldBe((FaultKind.Outage, TimeSpan.FromHours(1)));
        sent.ShouldBe(2);
        await Should.ThrowAsync<SourceException>(() => GetAsync(services, settings, "two"));
        sent.ShouldBe(3);
    }

    [Fact]
    public async Task Asking_for_patience_does_not_count_as_failing()
    {
        SourceHttpSettings settings = new() { BreakAfter = 1, BreakFor = TimeSpan.FromHours(1), Tries = 1 };
        await using ServiceProvider services = Services(settings, (_, _) => Task.FromResult(Limited(null)));
        for (int i = 0; i < 3; i++)
        {
            (await Should.ThrowAsync<SourceException>(() => GetAsync(services, settings, "one"))).Kind.ShouldBe(FaultKind.RateLimited);
        }
    }

    [Fact]
    public async Task Cancelling_ends_a_wait_between_tries()
    {
        using CancellationTokenSource cancel = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        SourceHttpSettings settings = new() { FirstWait = TimeSpan.FromHours(1) };
        Microsoft.Extensions.Time.Testing.FakeTimeProvider never = new();
        await using ServiceProvider services = Services(settings, (_, _) => Task.FromResult(new HttpResponseMessage(HttpStatusCode.BadGateway)), never);
        SourceHttp http = Http(services, settings, "one");
        using HttpRequestMessage request = new(HttpMethod.Get, "https://platform.example.org/");
        Task<HttpResponseMessage> pending = http.SendAsync(request, cancel.Token);
        pending.IsCompleted.ShouldBeFalse();
        await cancel.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => pending);
        sent.ShouldBe(1);
    }

    private static HttpResponseMessage Ok() => new(HttpStatusCode.OK) { Content = new StringContent("{}") };

    private static HttpResponseMessage Limited(RetryConditionHeaderValue? after)
    {
        HttpResponseMessage answer = new(HttpStatusCode.TooManyRequests);
        answer.Headers.RetryAfter = after;
        return answer;
    }

    private Task<HttpResponseMessage> GetAsync(SourceHttpSettings settings, Func<int, HttpResponseMessage> answer) =>
        GetAsync(settings, (number, _) => Task.FromResult(answer(number)));

    private async Task<HttpResponseMessage> GetAsync(SourceHttpSettings settings, Func<int, CancellationToken, Task<HttpResponseMessage>> answer)
    {
        await using ServiceProvider services = Services(settings, answer);
        return await GetAsync(services, settings, "one");
    }

    private async Task<HttpResponseMessage> GetAsync(ServiceProvider services, SourceHttpSettings settings, string source)
    {
        SourceHttp http = Http(services, settings, source);
        using HttpRequestMessage request = new(HttpMethod.Get, "https://platform.example.org/");
        HttpResponseMessage answer = await http.SendAsync(request, Ct);
        return answer.IsSuccessStatusCode ? answer : throw HttpFaults.Of(http.Who, answer, time);
    }

    private SourceHttp Http(ServiceProvider services, SourceHttpSettings settings, string source) =>
        new(services.GetRequiredService<IHttpClientFactory>(), "play", "Play", new SourceIdentity(source), settings, time);

    private ServiceProvider Services(SourceHttpSettings settings, Func<int, CancellationToken, Task<HttpResponseMessage>> answer, TimeProvider? clock = null)
    {
        ServiceCollection services = new();
        services.AddSingleton(settings);
        services.AddSingleton(clock ?? time);
        services.AddSourceHttp("play").ConfigurePrimaryHttpMessageHandler(() => new Platform(ct => answer(Interlocked.Increment(ref sent), ct)));
        return services.BuildServiceProvider();
    }

    private sealed class Platform(Func<CancellationToken, Task<HttpResponseMessage>> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => answer(cancellationToken);
    }
}
