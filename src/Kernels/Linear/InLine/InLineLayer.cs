using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>
/// InLine's attention layer, <c>[B,N,C]</c> to <c>[B,N,C]</c>: queries, keys and values from one map, InLine attention with the published
/// factor, the local residual of the values, and a map out.
/// </summary>
/// <remarks>
/// The last ⌊√N⌋² tokens are the image; the ones before them (a class token) have no local residual, as in the published code.
/// </remarks>
public sealed class InLineLayer : nn.Module<Tensor, Tensor>
{
    private const double Deviation = 0.02;

    private readonly int _heads;
    private readonly Linear _input, _output;
    private readonly LocalResidual? _residual;
    private readonly Func<Tensor, Tensor>? _featureMap;

    /// <summary>A layer initialised as published: weights normal with deviation 0.02, biases 0, the residual as PyTorch does.</summary>
    /// <param name="dim">C, channels; a multiple of <paramref name="heads"/>.</param>
    /// <param name="heads">H.</param>
    /// <param name="residual">Whether the local residual is there.</param>
    /// <param name="featureMap">φ; the identity when null.</param>
    /// <exception cref="ArgumentException">A size below 1, or channels that heads do not divide.</exception>
    public InLineLayer(int dim, int heads, bool residual = true, Func<Tensor, Tensor>? featureMap = null)
        : base(nameof(InLineLayer))
    {
        Arguments.Positive(dim, nameof(dim));
        Arguments.Positive(heads, nameof(heads));
        if (dim % heads != 0)
            Arguments.Fail(nameof(dim), $"{dim} channels", $"a multiple of {heads} heads");
        (_heads, _featureMap) = (heads, featureMap);
        (_input, _output) = (nn.Linear(dim, 3 * dim), nn.Linear(dim, dim));
        if (residual)
            _residual = new(dim, heads);
        RegisterComponents();
        foreach (var map in new[] { _input, _output })
        {
            nn.init.trunc_normal_(map.weight!, 0, Deviation, -2, 2);
            nn.init.zeros_(map.bias!);
        }
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var projected = _input.call(x).chunk(3, -1);
        var (q, k, v) = (projected[0], projected[1], projected[2]);
        var attended = InLineAttention.Linear(Heads(q), Heads(k), Heads(v), featureMap: _featureMap).transpose(1, 2).flatten(2, 3);
        return _output.call(_residual is null ? attended : attended + Local(_residual, x, v)).MoveToOuterDisposeScope();
    }

    private static Tensor Local(LocalResidual residual, Tensor x, Tensor v)
    {
        var side = (long)Math.Sqrt(v.size(1));
        var before = v.size(1) - side * side;
        var local = residual.call(x, v.narrow(1, before, side * side));
        return before == 0 ? local : cat([zeros_like(v.narrow(1, 0, before)), local], 1);
    }

    private Tensor Heads(Tensor x) => x.reshape(x.size(0), x.size(1), _heads, x.size(2) / _heads).transpose(1, 2);
}
