using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using CredSync.Completions;
using CredSync.Sources;

namespace CredSync.Benchmarks.Load;

/// <summary>How much a load source has to give: it can be told to give more at any time, and says when everything has been taken in.</summary>
internal sealed class LoadWork
{
    private static readonly DateTimeOffset Start = new(2025, 1, 6, 8, 0, 0, TimeSpan.Zero);
    private readonly Lock gate = new();
    private TaskCompletionSource more = New();
    private TaskCompletionSource taken = New();
    private int target;

    /// <summary>Completions in a page.</summary>
    public int PageSize { get; init; } = 1_000;

    /// <summary>How many learners they are spread over.</summary>
    public int People { get; init; } = 10_000;

    /// <summary>How many courses there are; each earns a credential.</summary>
    public int Courses { get; init; } = 100;

    /// <summary>Of how many completions one is of a course that earns something.</summary>
    public int OneEarnsOf { get; init; } = 1;

    /// <summary>Where deliveries are taken.</summary>
    public string HooksAddress { get; init; } = "http://127.0.0.1:0";

    /// <summary>How many completions have been asked for.</summary>
    public int Target
    {
        get
        {
            lock (gate)
            {
                return target;
            }
        }
    }

    /// <summary>Gives more completions; done once the last of them has been committed.</summary>
    public Task GiveAsync(int count)
    {
        lock (gate)
        {
            target += count;
            (taken, TaskCompletionSource waiting) = (New(), more);
            more = New();
            waiting.SetResult();
            return taken.Task;
        }
    }

    /// <summary>Waits until there is something after a place.</summary>
    public async Task WaitAsync(int place, CancellationToken ct)
    {
        Task waiting;
        lock (gate)
        {
            if (place < target)
            {
                return;
            }

            taken.TrySetResult();
            waiting = more.Task;
        }

        await waiting.WaitAsync(ct).ConfigureAwait(false);
    }

    /// <summary>Which completion was completed then.</summary>
    public static int NumberOf(DateTimeOffset completed) => (int)(completed - Start).TotalSeconds;

    /// <summary>Completion number n, always the same.</summary>
    public Completion Completion(int n)
    {
        int person = n % People, turn = n / People;
        string course = n % OneEarnsOf == 0 ? $"C-{(person + turn) % Courses}" : $"X-{(person + turn) % Courses}";
        return new Completion
        {
            Key = new CompletionKey("load", $"{person}|{course}|{turn}"),
            Identifiers = [new PersonIdentifier(IdentifierKinds.ExternalId, $"E{person:0000000}"), new PersonIdentifier(IdentifierKinds.Email, $"learner{person}@northwind.example") { Verified = true }],
            PersonName = $"Learner Number {person}",
            Course = new Course { Key = course, Title = $"The subject of {course} and how it is put to use", ContentType = ContentType.Course },
            Status = CompletionStatus.Completed,
            CompletedAt = Start.AddSeconds(n),
            CompletedAtPrecision = TimePrecision.Instant,
            Score = new Score { Scaled = 0.6m + (n % 40 / 100m) },
        };
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>A source without a platform behind it, read or told of completion number n by <c>{"n":123}</c>: what is measured is CredSync.</summary>
internal sealed class LoadSource(LoadWork work) : ICompletionSource, IWebhookSource
{
    public WebhookReceipt Look(WebhookDelivery delivery) => Number(delivery) is null ? WebhookReceipt.Refuse("It names no number.") : WebhookReceipt.Taken;

    public Task<WebhookReading> TakeAsync(WebhookDelivery delivery, IKnownCompletions known, CancellationToken ct) =>
        Task.FromResult(Number(delivery) is { } n ? new WebhookReading { Completions = [work.Completion(n)] } : WebhookReading.Nothing);

    private static int? Number(WebhookDelivery delivery)
    {
        using JsonDocument json = JsonDocument.Parse(delivery.Body);
        return json.RootElement.TryGetProperty("n", out JsonElement n) && n.TryGetInt32(out int number) ? number : null;
    }

    public async IAsyncEnumerable<SourcePage> ReadAsync(SourceRead read, [EnumeratorCancellation] CancellationToken ct)
    {
        int place = read.Since is { } since ? int.Parse(since.Value, CultureInfo.InvariantCulture) : 0;
        while (true)
        {
            await work.WaitAsync(place, ct).ConfigureAwait(false);
            int next = Math.Min(place + work.PageSize, work.Target);
            yield return new SourcePage { Completions = [.. Enumerable.Range(place, next - place).Select(work.Completion)], Next = new Cursor(next.ToString(CultureInfo.InvariantCulture)) };
            place = next;
        }
    }
}

/// <summary>The load source has no settings.</summary>
internal sealed class LoadSourceOptions;
