using System.Reflection;

namespace Attn.Notebook;

/// <summary>
/// Lets a program's own assemblies serve where a package asks for a newer version of one: a process holds one of each name, and refuses
/// the request otherwise. In .NET Interactive, Plotly.NET asks so for FSharp.Core.
/// </summary>
internal static class OlderAssemblies
{
    private static int _allowed;

    public static void Allow()
    {
        if (Interlocked.Exchange(ref _allowed, 1) == 0)
            AppDomain.CurrentDomain.AssemblyResolve += static (_, asked) => Find(new AssemblyName(asked.Name));
    }

    private static Assembly? Find(AssemblyName asked)
    {
        if (asked.Version is null)
            return null;
        try
        {
            return Assembly.Load(new AssemblyName { Name = asked.Name });
        }
        catch (Exception e) when (e is IOException or BadImageFormatException)
        {
            return null;
        }
    }
}
