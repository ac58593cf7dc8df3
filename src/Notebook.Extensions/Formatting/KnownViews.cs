using System.Collections.Concurrent;
using Attn.Notebook.Charting;
using Attn.Notebook.Tensors;

namespace Attn.Notebook.Formatting;

/// <summary>The views of types of other assemblies. Types are named, not touched: a view's code and its libraries load when it is first used.</summary>
internal static class KnownViews
{
    private static readonly ConcurrentDictionary<Type, KnownView?> Cache = new();

    public static IReadOnlyList<KnownView> All { get; } =
    [
        new("TorchSharp", "TorchSharp.torch+Tensor", false, value => TensorView.Render(value)),
        new("Microsoft.Data.Analysis", "Microsoft.Data.Analysis.DataFrame", false, value => DataFrameView.Render(value)),
        new("Plotly.NET", "Plotly.NET.GenericChart", false, value => ChartView.Render(value)),
        new("Attn.Kernels", "Attn.Kernels.AttentionMechanism", false, value => MechanismView.Render(value)),
        new("System.Private.CoreLib", "System.Exception", false, value => ExceptionView.Render((Exception)value)),
        new("Attn.Kernels", "Attn.Kernels.AttentionMechanism", true, value => MechanismListView.Render(value)),
        new("TorchSharp", "TorchSharp.torch+Tensor", true, value => TensorListView.Render(value)),
    ];

    /// <summary>The view of values of a type; null when they are shown by whatever is registered for them.</summary>
    public static KnownView? Of(Type type) => Cache.GetOrAdd(type, static type => All.FirstOrDefault(view => view.Shows(type)));
}
