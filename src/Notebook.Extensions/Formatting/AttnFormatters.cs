using System.Collections.Concurrent;
using Attn.Notebook.Formatting;
using Microsoft.DotNet.Interactive.Formatting;

namespace Attn.Notebook;

/// <summary>Registers the views of tensors, charts, data frames, attention patterns, catalogue rows, exceptions and equations.</summary>
public static class AttnFormatters
{
    private static readonly ConcurrentDictionary<Type, bool> Registered = new();
    private static int _hooked;

    /// <summary>
    /// Registers every view with <see cref="Formatter"/>, once however often it is called. The views of a library are
    /// registered when that library is loaded, so that a session which shows no chart pays for none.
    /// <see cref="MimeBundles.Of"/> calls it; a host that formats through <see cref="Formatter"/> alone calls it at its start.
    /// </summary>
    public static void Register()
    {
        if (Interlocked.Exchange(ref _hooked, 1) != 0)
            return;
        Register(typeof(INotebookView), value => ((INotebookView)value).ToMimeBundle());
        Register(typeof(Exception), value => ExceptionView.Render((Exception)value));
        AppDomain.CurrentDomain.AssemblyLoad += (_, loaded) => RegisterTypesOf(loaded.LoadedAssembly);
        foreach (var assembly in AppDomain.CurrentDomain.GetAssemblies())
            RegisterTypesOf(assembly);
    }

    private static void RegisterTypesOf(System.Reflection.Assembly assembly)
    {
        var name = assembly.GetName().Name;
        foreach (var view in KnownViews.All.Where(view => view.Assembly == name))
            if (assembly.GetType(view.TypeName) is { } type)
                Register(view.OfMany ? typeof(IEnumerable<>).MakeGenericType(type) : type, view.Render);
    }

    private static void Register(Type type, Func<object, MimeBundle> render)
    {
        if (!Registered.TryAdd(type, true))
            return;
        foreach (var mimeType in (string[])[Mime.Html, Mime.Text])
            Formatter.Register(new ViewFormatter(type, mimeType, render));
        Formatter.SetPreferredMimeTypesFor(type, Mime.Html, Mime.Text);
    }
}
