using static TorchSharp.torch;

namespace Attn.Kernels.Checking;

/// <summary>Runs a form forward and backward and names every tensor that comes out.</summary>
internal static class Run
{
    // Tests run side by side, one a core: on top of that, threads within small tensor operations only wait for each other.
    static Run() => set_num_threads(1);

    /// <summary>Output and final state, without gradients.</summary>
    public static Dictionary<string, Tensor> Forward(AttentionForm form, AttentionInputs inputs)
    {
        using var off = no_grad();
        var result = form.Run(inputs);
        var named = new Dictionary<string, Tensor> { ["output"] = result.Output };
        if (result.State is not null)
            named["state"] = result.State;
        return named;
    }

    /// <summary>Output, final state and the gradient of every input, for one fixed random loss.</summary>
    /// <param name="form">The form.</param>
    /// <param name="inputs">The call.</param>
    /// <param name="settings">The inputs that no gradient is taken by.</param>
    public static Dictionary<string, Tensor> WithGradients(AttentionForm form, AttentionInputs inputs, params IReadOnlyList<string> settings)
    {
        var tracked = inputs.Map((name, tensor) => settings.Contains(name) ? tensor : Track(tensor));
        var result = form.Run(tracked);
        using var generator = new Generator(99UL, CPU);
        var loss = Weighted(result.Output, generator);
        if (result.State is not null)
            loss = loss + Weighted(result.State, generator);
        loss.backward();

        var named = new Dictionary<string, Tensor> { ["output"] = result.Output.detach() };
        if (result.State is not null)
            named["state"] = result.State.detach();
        foreach (var (name, leaf) in tracked.Named.Where(named => !settings.Contains(named.Name)))
            named[$"gradient of {name}"] = leaf.grad ?? zeros_like(leaf);
        return named;
    }

    private static Tensor Track(Tensor tensor) => tensor.detach().clone().requires_grad_(true);

    private static Tensor Weighted(Tensor tensor, Generator generator) =>
        (tensor.to(ScalarType.Float64) * randn(tensor.shape, ScalarType.Float64, generator: generator).to(tensor.device)).sum();
}
