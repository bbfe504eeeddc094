using Npgsql;

namespace CredSync.Host.Storage;

/// <summary>Reads columns that may be null.</summary>
internal static class PostgresReading
{
    public static string? Text(this NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    public static DateTimeOffset Time(this NpgsqlDataReader reader, int column) => reader.GetFieldValue<DateTimeOffset>(column);

    public static DateTimeOffset? TimeOrNull(this NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetFieldValue<DateTimeOffset>(column);

    public static Guid? IdOrNull(this NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetGuid(column);
}
