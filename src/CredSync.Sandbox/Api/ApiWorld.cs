namespace CredSync.Sandbox.Api;

/// <summary>What a play vendor of driving lessons knows: who takes which course, and how it ended.</summary>
public sealed class ApiWorld
{
    private readonly Dictionary<(string Person, string Course), ApiRecord> _records = [];

    /// <summary>The bearer token that is accepted.</summary>
    public string Token { get; init; } = "northwind-play-api-token";

    /// <summary>The most records that one page holds. Default 100.</summary>
    public int LargestPage { get; set; } = 100;

    internal Lock Gate { get; } = new();

    internal IEnumerable<ApiRecord> Records => _records.Values.OrderBy(x => x.ChangedAt).ThenBy(x => x.Number);

    /// <summary>Somebody begins or ends a course, or ends it again.</summary>
    /// <param name="person">The organisation's number of the person.</param>
    /// <param name="email">The address; null for none.</param>
    /// <param name="name">The name; null for none.</param>
    /// <param name="course">The course's code.</param>
    /// <param name="title">The course's title; null for none.</param>
    /// <param name="at">When.</param>
    /// <param name="isFinished">Whether it ended, rather than began.</param>
    /// <param name="points">The result from 0 to 100; null for none.</param>
    public void Put(string person, string? email, string? name, string course, string? title, DateTimeOffset at, bool isFinished, double? points)
    {
        lock (Gate)
        {
            ApiRecord? before = _records.GetValueOrDefault((person, course));
            _records[(person, course)] = new ApiRecord
            {
                Number = before?.Number ?? _records.Count + 1,
                Person = person,
                Email = email,
                Name = name,
                Course = course,
                Title = title,
                FinishedAt = isFinished ? before?.FinishedAt ?? at : before?.FinishedAt,
                Points = points ?? before?.Points,
                ChangedAt = at,
            };
        }
    }
}

/// <summary>One person in one course.</summary>
internal sealed record ApiRecord
{
    public required int Number { get; init; }

    public required string Person { get; init; }

    public required string? Email { get; init; }

    public required string? Name { get; init; }

    public required string Course { get; init; }

    public required string? Title { get; init; }

    public required DateTimeOffset? FinishedAt { get; init; }

    public required double? Points { get; init; }

    public required DateTimeOffset ChangedAt { get; init; }
}
