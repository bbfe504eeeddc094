using CredSync.Host.Storage;

namespace CredSync.Host.Tests.Operations;

/// <summary>A ledger that only tells whether it has changed.</summary>
internal sealed class PlaySql : ISql
{
    public string Mark { get; set; } = "1";

    public bool IsShared => false;

    public string IsOneOf(string column, string list) => throw new NotSupportedException();

    public Task<string> ChangeMarkAsync(CancellationToken ct) => Task.FromResult(Mark);

    public Task<IReadOnlyList<T>> ReadAsync<T>(string text, SqlValues values, Func<SqlRow, T> row, CancellationToken ct) => throw new NotSupportedException();

    public Task<T> WriteAsync<T>(Func<ISqlTransaction, Task<T>> work, CancellationToken ct) => throw new NotSupportedException();
}
