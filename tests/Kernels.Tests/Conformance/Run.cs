using static TorchSharp.torch;

namespace Attn.Kernels.Tests.Conformance;

/// <summary>Runs a form forward and backward and names every tensor that comes out.</summary>
internal static class Run
{
    /// <summary>Output, final state and the gradient of every input, for one fixed random loss.</summary>
    public static Dictionary<string, Tensor> WithGradients(AttentionForm form, AttentionInputs inputs)
    {
        var tracked = inputs with
        {
            Q = Track(inputs.Q),
            K = Track(inputs.K),
            V = Track(inputs.V),
            Extra = inputs.Extra.ToDictionary(extra => extra.Key, extra => Track(extra.Value)),
            InitialState = inputs.InitialState is null ? null : Track(inputs.InitialState),
        };
        var result = form.Run(tracked);
        using var generator = new Generator(99UL, CPU);
        var loss = Weighted(result.Output, generator);
        if (result.State is not null)
            loss = loss + Weighted(result.State, generator);
        loss.backward();

        var named = new Dictionary<string, Tensor> { ["output"] = result.Output.detach() };
        if (result.State is not null)
            named["state"] = result.State.detach();
        foreach (var (name, leaf) in Leaves(tracked))
            named[$"gradient of {name}"] = leaf.grad ?? zeros_like(leaf);
        return named;
    }

    private static IEnumerable<(string Name, Tensor Leaf)> Leaves(AttentionInputs inputs)
    {
        yield return ("q", inputs.Q);
        yield return ("k", inputs.K);
        yield return ("v", inputs.V);
        foreach (var (name, tensor) in inputs.Extra)
            yield return (name, tensor);
        if (inputs.InitialState is not null)
            yield return ("initialState", inputs.InitialState);
    }

    private static Tensor Track(Tensor tensor) => tensor.detach().clone().requires_grad_(true);

    private static Tensor Weighted(Tensor tensor, Generator generator) =>
        (tensor.to(ScalarType.Float64) * randn(tensor.shape, ScalarType.Float64, generator: generator)).sum();
}
