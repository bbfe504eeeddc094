using System.Data.Common;
using System.Globalization;

namespace CredSync.Host.Storage;

/// <summary>Plain SQL that reads the same on SQLite and PostgreSQL; the two differ only in how times, ids and lists travel.</summary>
internal interface ISql
{
    /// <summary>Reads rows.</summary>
    Task<IReadOnlyList<T>> ReadAsync<T>(string text, SqlValues values, Func<SqlRow, T> row, CancellationToken ct);

    /// <summary>Does several things in one transaction; what it returns has been committed.</summary>
    Task<T> WriteAsync<T>(Func<ISqlTransaction, Task<T>> work, CancellationToken ct);

    /// <summary>A condition: the id in a column is one of a list.</summary>
    /// <param name="column">The column.</param>
    /// <param name="list">The name of the value that holds the list.</param>
    string IsOneOf(string column, string list);

    /// <summary>A word that is another one whenever something was committed since: as long as it stays, what was read stays true. It may change without need.</summary>
    Task<string> ChangeMarkAsync(CancellationToken ct);

    /// <summary>Whether other workers may write at the same moment, so that rows have to be locked.</summary>
    bool IsShared { get; }
}

/// <summary>A transaction under way.</summary>
internal interface ISqlTransaction
{
    /// <summary>Reads rows.</summary>
    Task<IReadOnlyList<T>> ReadAsync<T>(string text, SqlValues values, Func<SqlRow, T> row, CancellationToken ct);

    /// <summary>Changes rows; returns how many.</summary>
    Task<int> RunAsync(string text, SqlValues values, CancellationToken ct);
}

/// <summary>Values of a command, by name. Text, numbers, truth, times and ids.</summary>
internal sealed class SqlValues
{
    public static SqlValues None => new();

    public List<(string Name, object? Value)> All { get; } = [];

    /// <summary>Adds a value; null is a null of the column's type.</summary>
    public SqlValues Add(string name, object? value)
    {
        All.Add((name, value));
        return this;
    }
}

/// <summary>One row, by the places of its columns.</summary>
internal sealed class SqlRow(DbDataReader reader)
{
    public string Text(int column) => reader.GetString(column);

    public string? TextOrNull(int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    public long Number(int column) => Convert.ToInt64(reader.GetValue(column), CultureInfo.InvariantCulture);

    public long? NumberOrNull(int column) => reader.IsDBNull(column) ? null : Number(column);

    public double? RealOrNull(int column) => reader.IsDBNull(column) ? null : Convert.ToDouble(reader.GetValue(column), CultureInfo.InvariantCulture);

    public Guid Id(int column) => reader.GetValue(column) switch { Guid id => id, var text => Guid.Parse((string)text, CultureInfo.InvariantCulture) };

    public Guid? IdOrNull(int column) => reader.IsDBNull(column) ? null : Id(column);

    public DateTimeOffset Time(int column) => reader.GetValue(column) switch { DateTime time => new DateTimeOffset(time), var text => SqliteText.Time((string)text) };

    public DateTimeOffset? TimeOrNull(int column) => reader.IsDBNull(column) ? null : Time(column);
}
