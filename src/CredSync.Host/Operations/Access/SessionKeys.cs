using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace CredSync.Host.Operations.Access;

/// <summary>The keys of sessions; their folder is made when the first is read or written, not while the worker is put together.</summary>
internal sealed class SessionKeys(Func<IXmlRepository> open) : IXmlRepository
{
    private readonly Lazy<IXmlRepository> folder = new(open);

    public IReadOnlyCollection<XElement> GetAllElements() => folder.Value.GetAllElements();

    public void StoreElement(XElement element, string friendlyName) => folder.Value.StoreElement(element, friendlyName);
}
