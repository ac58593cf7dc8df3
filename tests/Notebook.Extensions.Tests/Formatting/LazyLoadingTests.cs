using System.Reflection;
using System.Runtime.Loader;

namespace Attn.Notebook.Tests.Formatting;

/// <summary>A kernel's start is waited for: a session that shows no tensor and no chart must not load what draws them.</summary>
public class LazyLoadingTests
{
    [Fact]
    public void Simple_values_load_none_of_the_large_libraries()
    {
        var fresh = new FreshContext();
        var bundles = fresh.LoadFromAssemblyName(typeof(MimeBundles).Assembly.GetName()).GetType(typeof(MimeBundles).FullName!)!;
        var of = bundles.GetMethod(nameof(MimeBundles.Of))!;
        foreach (var value in (object?[])[null, 1, "text", new { A = 1 }, new List<int> { 1 }, new InvalidOperationException("x")])
            Assert.NotNull(of.Invoke(null, [value]));

        var loaded = fresh.Assemblies.Select(assembly => assembly.GetName().Name!).ToList();
        Assert.Contains("Attn.Notebook", loaded);
        Assert.DoesNotContain(loaded, name => name.StartsWith("Plotly", StringComparison.Ordinal) || name.StartsWith("FSharp", StringComparison.Ordinal)
            || name is "TorchSharp" or "Microsoft.Data.Analysis" or "Newtonsoft.Json");
    }

    /// <summary>Loads everything but the runtime anew, from beside the tests.</summary>
    private sealed class FreshContext() : AssemblyLoadContext("fresh")
    {
        protected override Assembly? Load(AssemblyName name)
        {
            var file = Path.Combine(AppContext.BaseDirectory, $"{name.Name}.dll");
            return File.Exists(file) ? LoadFromAssemblyPath(file) : null;
        }
    }
}
