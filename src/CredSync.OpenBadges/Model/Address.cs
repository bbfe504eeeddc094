using System.Text.Json.Nodes;

namespace CredSync.OpenBadges.Model;

/// <summary>A postal address (class Address). Every part is null when not given.</summary>
public sealed record Address : IJsonPart
{
    /// <summary>Country name.</summary>
    public string? Country { get; init; }

    /// <summary>ISO 3166-1 alpha-2 country code, upper case.</summary>
    public string? CountryCode { get; init; }

    /// <summary>State or province.</summary>
    public string? Region { get; init; }

    /// <summary>Town.</summary>
    public string? Locality { get; init; }

    /// <summary>Street and number.</summary>
    public string? Street { get; init; }

    /// <summary>Post office box.</summary>
    public string? PostOfficeBox { get; init; }

    /// <summary>Postal code.</summary>
    public string? PostalCode { get; init; }

    /// <summary>Where it is on the map.</summary>
    public GeoCoordinates? Geo { get; init; }

    /// <summary>Writes the object.</summary>
    /// <returns>A new JSON object.</returns>
    public JsonObject ToJson() => JsonTree.Of(this);

    void IJsonPart.Write(JsonSink to) => to
        .Types("Address")
        .Text("addressCountry", Country)
        .Text("addressCountryCode", CountryCode)
        .Text("addressRegion", Region)
        .Text("addressLocality", Locality)
        .Text("streetAddress", Street)
        .Text("postOfficeBoxNumber", PostOfficeBox)
        .Text("postalCode", PostalCode)
        .Part("geo", Geo);
}

/// <summary>A point on the map (class GeoCoordinates).</summary>
/// <param name="Latitude">Degrees north, -90 to 90.</param>
/// <param name="Longitude">Degrees east, -180 to 180.</param>
public sealed record GeoCoordinates(decimal Latitude, decimal Longitude) : IJsonPart
{
    /// <summary>Writes the object.</summary>
    /// <returns>A new JSON object.</returns>
    public JsonObject ToJson() => JsonTree.Of(this);

    void IJsonPart.Write(JsonSink to) => to.Type("GeoCoordinates").Number("latitude", Latitude).Number("longitude", Longitude);
}
