using System.Runtime.InteropServices;
using Npgsql;
using NpgsqlTypes;

namespace CredSync.Host.Storage;

/// <summary>A command whose parameters are arrays, one element a row: one round trip for a whole page.</summary>
internal sealed class BulkCommand(NpgsqlConnection connection, NpgsqlTransaction? transaction, string sql)
{
    private readonly List<NpgsqlParameter> parameters = [];

    public BulkCommand Text(string name, IEnumerable<string?> values) => Add<string?[]>(name, [.. values.Select(PostgresText.Safe)], NpgsqlDbType.Array | NpgsqlDbType.Text);

    public BulkCommand Json(string name, IEnumerable<string?> values) => Add<string?[]>(name, [.. values.Select(PostgresText.SafeJson)], NpgsqlDbType.Array | NpgsqlDbType.Jsonb);

    /// <summary>For columns of type <c>json</c>, which keep the text as it is.</summary>
    public BulkCommand Facts(string name, IEnumerable<string?> values) => Add<string?[]>(name, [.. values.Select(PostgresText.SafeJson)], NpgsqlDbType.Array | NpgsqlDbType.Json);

    public BulkCommand Flags(string name, IEnumerable<bool> values) => Add<bool[]>(name, [.. values], NpgsqlDbType.Array | NpgsqlDbType.Boolean);

    public BulkCommand Ids(string name, IEnumerable<Guid> values) => Add<Guid[]>(name, [.. values], NpgsqlDbType.Array | NpgsqlDbType.Uuid);

    public BulkCommand Ids(string name, IEnumerable<Guid?> values) => Add<Guid?[]>(name, [.. values], NpgsqlDbType.Array | NpgsqlDbType.Uuid);

    public BulkCommand Times(string name, IEnumerable<DateTimeOffset?> values) => Add<DateTimeOffset?[]>(name, [.. values.Select(v => v?.ToUniversalTime())], NpgsqlDbType.Array | NpgsqlDbType.TimestampTz);

    public BulkCommand Numbers(string name, IEnumerable<int> values) => Add<int[]>(name, [.. values], NpgsqlDbType.Array | NpgsqlDbType.Integer);

    public BulkCommand Longs(string name, IEnumerable<long?> values) => Add<long?[]>(name, [.. values], NpgsqlDbType.Array | NpgsqlDbType.Bigint);

    public BulkCommand LongNumbers(string name, IEnumerable<long> values) => Add<long[]>(name, [.. values], NpgsqlDbType.Array | NpgsqlDbType.Bigint);

    public BulkCommand Bytes(string name, IEnumerable<ReadOnlyMemory<byte>> values) => Add<byte[][]>(name, [.. values.Select(Whole)], NpgsqlDbType.Array | NpgsqlDbType.Bytea);

    public BulkCommand Time(string name, DateTimeOffset? value) => Add(name, value?.ToUniversalTime(), NpgsqlDbType.TimestampTz);

    public BulkCommand Flag(string name, bool value) => Add(name, value, NpgsqlDbType.Boolean);

    public BulkCommand Number(string name, long value) => Add(name, value, NpgsqlDbType.Bigint);

    public BulkCommand Word(string name, string? value) => Add(name, PostgresText.Safe(value), NpgsqlDbType.Text);

    public BulkCommand Id(string name, Guid? value) => Add(name, value, NpgsqlDbType.Uuid);

    public BulkCommand Fact(string name, string? json) => Add(name, PostgresText.SafeJson(json), NpgsqlDbType.Json);

    /// <summary>Runs it.</summary>
    /// <returns>How many rows it changed.</returns>
    public async Task<int> RunAsync(CancellationToken ct)
    {
        await using NpgsqlCommand command = Create();
        return await command.ExecuteNonQueryAsync(ct).ConfigureAwait(false);
    }

    /// <summary>Runs it and reads the rows that it returns.</summary>
    public async Task<List<T>> ReadAsync<T>(Func<NpgsqlDataReader, T> read, CancellationToken ct)
    {
        await using NpgsqlCommand command = Create();
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(ct).ConfigureAwait(false);
        var rows = new List<T>();
        while (await reader.ReadAsync(ct).ConfigureAwait(false))
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    // Mostly it is the whole of an array, which need not be copied.
    private static byte[] Whole(ReadOnlyMemory<byte> bytes) => MemoryMarshal.TryGetArray(bytes, out ArraySegment<byte> part) && part.Array is { } all && part.Count == all.Length ? all : bytes.ToArray();

    private NpgsqlCommand Create()
    {
#pragma warning disable CA2100 // The text is a constant of the caller; values travel as parameters.
        var command = new NpgsqlCommand(sql, connection, transaction);
#pragma warning restore CA2100
        parameters.ForEach(p => command.Parameters.Add(p));
        return command;
    }

    private BulkCommand Add<T>(string name, T value, NpgsqlDbType type)
    {
        parameters.Add(new NpgsqlParameter<T>(name, type) { TypedValue = value });
        return this;
    }
}
