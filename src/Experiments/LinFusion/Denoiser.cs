using Attn.Kernels;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Attn.Experiments;

/// <summary>
/// A transformer over the pixels of <see cref="BlobImages"/> that tells the noise in them: two blocks of 24 channels and one head, sinusoids for
/// place and time.
/// </summary>
public sealed class Denoiser : nn.Module<Tensor, Tensor, Tensor>
{
    /// <summary>Channels.</summary>
    public const int Dim = 24;

    private const int Blocks = 2;
    private readonly Linear _pixel, _time, _head;
    private readonly ModuleList<TransformerBlock> _blocks;
    private readonly LayerNorm _norm;
    private readonly Tensor _places;

    private Denoiser(Func<nn.Module<Tensor, Tensor>> attention, int seed)
        : base(nameof(Denoiser))
    {
        (_pixel, _time, _norm, _head) = (nn.Linear(1, Dim), nn.Linear(Dim, Dim), nn.LayerNorm(Dim), nn.Linear(Dim, 1));
        _blocks = nn.ModuleList([.. Enumerable.Range(0, Blocks).Select(_ => new TransformerBlock(Dim, attention()))]);
        using var scope = NewDisposeScope();
        var place = arange(BlobImages.Pixels, ScalarType.Float32);
        var (row, column) = (place.div(BlobImages.Side, RoundingMode.floor), place.remainder(BlobImages.Side));
        _places = cat([Sinusoids(row, Dim / 2, BlobImages.Side), Sinusoids(column, Dim / 2, BlobImages.Side)], 1);
        RegisterComponents();
        this.Keep();
        Weights.Initialise(this, seed);
    }

    /// <summary>A model with softmax attention.</summary>
    /// <param name="seed">Fixes the weights.</param>
    public static Denoiser WithSoftmax(int seed) => new(() => new ProjectedAttention(Dim, 1, (q, k, v) => Kernels.Softmax.Sdpa(q, k, v)), seed);

    /// <summary>The same model with LinFusion's layers in place of its attention: all weights copied, the maps of the new layers
    /// random; only the new layers go on learning.</summary>
    /// <param name="seed">Fixes the maps.</param>
    /// <exception cref="InvalidOperationException">The model has no softmax attention.</exception>
    public Denoiser WithLinFusion(int seed)
    {
        if (Attention.Any(layer => layer is not ProjectedAttention))
            throw new InvalidOperationException("this model has no softmax attention to replace.");
        var student = new Denoiser(() => new LinFusionLayer(Dim, 1), seed);
        student.load_state_dict(state_dict(), strict: false);
        foreach (var parameter in student.parameters())
            parameter.requires_grad = false;
        foreach (var parameter in student.Attention.SelectMany(layer => layer.parameters()))
            parameter.requires_grad = true;
        return student;
    }

    /// <summary>The attention layers, from the first.</summary>
    public IReadOnlyList<nn.Module<Tensor, Tensor>> Attention => [.. _blocks.Select(block => block.Attention)];

    /// <summary>The noise that was added.</summary>
    /// <param name="input">Noisy images, <c>[B,64]</c>.</param>
    /// <param name="time">Steps of noise, <c>[B]</c>.</param>
    /// <returns><c>[B,64]</c>.</returns>
    public override Tensor forward(Tensor input, Tensor time) => WithFeatures(input, time).Noise;

    /// <summary>The noise, and what each attention layer gave, <c>[B,64,24]</c>.</summary>
    /// <inheritdoc cref="forward"/>
    public (Tensor Noise, IReadOnlyList<Tensor> Features) WithFeatures(Tensor input, Tensor time)
    {
        using var scope = NewDisposeScope();
        var clock = _time.call(Sinusoids(time.to(ScalarType.Float32), Dim, Diffusion.Steps)).unsqueeze(1);
        var x = _pixel.call(input.unsqueeze(-1)) + _places + clock;
        var features = new List<Tensor>();
        foreach (var block in _blocks)
        {
            var attended = block.Attend(x);
            features.Add(attended.MoveToOuterDisposeScope());
            x = block.Finish(x, attended);
        }
        return (_head.call(_norm.call(x)).squeeze(-1).MoveToOuterDisposeScope(), features);
    }

    /// <summary>Sines and cosines of a coordinate from 0 to about <paramref name="range"/>, half a turn of it and more.</summary>
    private static Tensor Sinusoids(Tensor place, int width, double range)
    {
        var frequencies = tensor(Enumerable.Range(1, width / 2).Select(i => (float)(Math.PI * i / range)).ToArray());
        var angles = place.unsqueeze(-1) * frequencies;
        return cat([angles.sin(), angles.cos()], -1);
    }
}
