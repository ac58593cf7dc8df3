using Attn.Kernels.Torch;

namespace Attn.Notebook;

/// <summary>A host made of functions, for a program that is reached by a script, where a class of its own would be the user's to see.</summary>
public sealed class ScriptedHost : INotebookHost
{
    /// <summary>Does <see cref="INotebookHost.Display"/>.</summary>
    public required Action<MimeBundle, string> OnDisplay { get; init; }

    /// <summary>Does <see cref="INotebookHost.Update"/>.</summary>
    public required Action<string, MimeBundle> OnUpdate { get; init; }

    /// <summary>Gives the names of the C# variables.</summary>
    public required Func<IEnumerable<string>> OnNames { get; init; }

    /// <summary>Reads a C# variable: whether it is there, and its value.</summary>
    public required Func<string, (bool Found, object? Value)> OnRead { get; init; }

    /// <summary>Runs C# as a cell.</summary>
    public required Func<string, Task> OnRun { get; init; }

    /// <summary>Gives what the user's interrupt of the running cell cancels.</summary>
    public required Func<CancellationToken> OnCancellation { get; init; }

    /// <summary>Makes this the notebook's host: views are registered, and libtorch is loaded when a cell first uses tensors.</summary>
    public void Start()
    {
        OlderAssemblies.Allow();
        LibTorch.LoadWithTorchSharp();
        AttnFormatters.Register();
        NotebookHost.Attach(this);
    }

    /// <inheritdoc/>
    public IReadOnlyCollection<string> VariableNames => [.. OnNames().Distinct()];

    /// <inheritdoc/>
    public CancellationToken Cancellation => OnCancellation();

    /// <summary>Of front ends that are reached through another program, nobody knows what they bring.</summary>
    public bool NeedsPlotlyScript => true;

    /// <inheritdoc/>
    public void Display(MimeBundle bundle, string displayId) => OnDisplay(bundle, displayId);

    /// <inheritdoc/>
    public void Update(string displayId, MimeBundle bundle) => OnUpdate(displayId, bundle);

    /// <inheritdoc/>
    public bool TryGetVariable(string name, out object? value)
    {
        (var found, value) = OnRead(name);
        return found;
    }

    /// <inheritdoc/>
    public async Task SetVariableAsync(string name, object? value, Type type)
    {
        await OnRun(HandOver.Declare(name, value, type));
        HandOver.Value = null;
    }
}
