using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace CredSync.Host.Telemetry;

/// <summary>Our metrics as Prometheus reads them: text format 0.0.4.</summary>
internal sealed class PrometheusText : IDisposable
{
    private readonly MeterListener listener = new();
    private readonly ConcurrentDictionary<(string Name, string Labels), double> counters = new();
    private readonly ConcurrentDictionary<string, Instrument> instruments = new(StringComparer.Ordinal);
    private readonly Lock one = new();
    private readonly Dictionary<(string Name, string Labels), double> observed = [];

    public PrometheusText()
    {
        // Counters that nobody has touched yet are there too, at nothing.
        System.Runtime.CompilerServices.RuntimeHelpers.RunClassConstructor(typeof(Meters).TypeHandle);
        listener.InstrumentPublished = (instrument, own) =>
        {
            if (instrument.Meter.Name == Meters.Name)
            {
                instruments[instrument.Name] = instrument;
                own.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => counters.AddOrUpdate((instrument.Name, Labels(tags)), value, (_, sum) => sum + value));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => observed[(instrument.Name, Labels(tags))] = value);
        listener.Start();
    }

    /// <summary>How Prometheus calls a metric.</summary>
    public static string NameOf(Instrument instrument) =>
        instrument.Name.Replace('.', '_') + (instrument.Unit == "s" ? "_seconds" : "") + (instrument is Counter<long> or ObservableCounter<double> ? "_total" : "");

    /// <summary>All values, as they are now.</summary>
    public string Write()
    {
        lock (one)
        {
            observed.Clear();
            listener.RecordObservableInstruments();
            var text = new StringBuilder();
            foreach (Instrument instrument in instruments.Values.OrderBy(i => i.Name, StringComparer.Ordinal))
            {
                string name = NameOf(instrument);
                text.Append("# HELP ").Append(name).Append(' ').Append(instrument.Description).Append('\n');
                text.Append("# TYPE ").Append(name).Append(name.EndsWith("_total", StringComparison.Ordinal) ? " counter\n" : " gauge\n");
                foreach (((string of, string labels), double value) in counters.Concat(observed).Where(v => v.Key.Name == instrument.Name).OrderBy(v => v.Key.Labels, StringComparer.Ordinal))
                {
                    text.Append(name).Append(labels).Append(' ').Append(value.ToString("R", CultureInfo.InvariantCulture)).Append('\n');
                }
            }

            return text.ToString();
        }
    }

    public void Dispose() => listener.Dispose();

    private static string Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (tags.IsEmpty)
        {
            return "";
        }

        var text = new StringBuilder("{");
        foreach (KeyValuePair<string, object?> tag in tags)
        {
            string value = Convert.ToString(tag.Value, CultureInfo.InvariantCulture) ?? "";
            text.Append(text.Length == 1 ? "" : ",").Append(tag.Key).Append("=\"")
                .Append(value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)).Append('"');
        }

        return text.Append('}').ToString();
    }
}
