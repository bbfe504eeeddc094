namespace CredSync.Registration;

/// <summary>Names the class that registers what an assembly brings; see <see cref="AdapterPlugInAttribute{TPlugIn}"/>.</summary>
[AttributeUsage(AttributeTargets.Assembly)]
public abstract class AdapterPlugInAttribute : Attribute
{
    private protected AdapterPlugInAttribute()
    {
    }

    /// <summary>Makes the class that registers.</summary>
    public abstract IAdapterPlugIn Create();
}

/// <summary>Names the class that registers what an assembly brings: <c>[assembly: AdapterPlugIn&lt;CanvasPlugIn&gt;]</c>, once in an assembly.</summary>
/// <typeparam name="TPlugIn">The class.</typeparam>
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class AdapterPlugInAttribute<TPlugIn> : AdapterPlugInAttribute
    where TPlugIn : class, IAdapterPlugIn, new()
{
    /// <inheritdoc />
    public override IAdapterPlugIn Create() => new TPlugIn();
}
