using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>
/// Codebooks, one a head, that follow the vectors they stand for by moving averages: counts and sums of each code's vectors are kept with a
/// factor γ a batch, and C = sum/max(count, 0.01). No gradient reaches the codes.
/// </summary>
public sealed class VectorQuantizer : nn.Module
{
    private const double LeastCount = 0.01;
    private readonly double _decay;
    private readonly Tensor _codebook, _sums, _counts;

    /// <summary>Codebooks of standard normal codes, each counted once.</summary>
    /// <param name="heads">H.</param>
    /// <param name="codes">S.</param>
    /// <param name="dim">D.</param>
    /// <param name="decay">γ, from 0 to 1.</param>
    /// <param name="seed">Fixes the codes.</param>
    /// <exception cref="ArgumentException">A size below 1, or a factor out of range.</exception>
    public VectorQuantizer(int heads, int codes, int dim, double decay = 0.99, long seed = 1)
        : base(nameof(VectorQuantizer))
    {
        Arguments.Positive(heads, nameof(heads));
        Arguments.Positive(codes, nameof(codes));
        Arguments.Positive(dim, nameof(dim));
        if (!(decay is >= 0 and <= 1))
            Arguments.Fail(nameof(decay), decay.ToString(System.Globalization.CultureInfo.InvariantCulture), "a number from 0 to 1");
        using var generator = new Generator((ulong)seed, CPU);
        _decay = decay;
        _codebook = randn([1, heads, codes, dim], generator: generator);
        (_sums, _counts) = (_codebook.clone(), ones(1, heads, codes, 1));
        RegisterComponents();
        this.Keep();
    }

    /// <summary>C as it is now, <c>[1,H,S,D]</c>; updates change it in place.</summary>
    public Tensor Codebook => _codebook;

    /// <summary>The moving count of each code, <c>[1,H,S,1]</c>.</summary>
    public Tensor Counts => _counts;

    /// <summary>Moves the averages by one batch. Leave padding out of it.</summary>
    /// <param name="k"><c>[B,H,T,D]</c>.</param>
    /// <param name="codes">Their codes, <c>[B,H,T]</c>; the nearest when null.</param>
    /// <exception cref="ArgumentException">Keys that do not fit.</exception>
    public void Update(Tensor k, Tensor? codes = null)
    {
        using var off = no_grad();
        using var scope = NewDisposeScope();
        var (sums, counts) = Statistics(k, codes);
        _sums.mul_(_decay).add_((1 - _decay) * sums);
        _counts.mul_(_decay).add_((1 - _decay) * counts);
        _codebook.copy_(_sums / _counts.clamp_min(LeastCount));
    }

    /// <summary>Puts codes that are hardly used in the place of random vectors, and gives them the mean count.</summary>
    /// <param name="k">Vectors to choose from, <c>[B,H,T,D]</c>.</param>
    /// <param name="share">A code is dead when its count is below this share of the mean count.</param>
    /// <param name="seed">Fixes the choice.</param>
    /// <returns>How many codes were dead.</returns>
    public int Revive(Tensor k, double share, long seed)
    {
        using var off = no_grad();
        using var scope = NewDisposeScope();
        var mean = _counts.mean([2], keepdim: true);
        var dead = _counts < share * mean;
        var chosen = Some(k, seed);
        _counts.copy_(mean.expand(_counts.shape).where(dead, _counts));
        _codebook.copy_(chosen.where(dead, _codebook));
        _sums.copy_((chosen * _counts).where(dead, _sums));
        return (int)dead.sum().item<long>();
    }

    /// <summary>Codes by Lloyd's iterations from random vectors: the mean of what is nearest, again and again. A code of nothing stays where it is.</summary>
    /// <param name="k"><c>[B,H,T,D]</c>.</param>
    /// <param name="iterations">How often.</param>
    /// <param name="seed">Fixes the first codes.</param>
    public void InitialiseFrom(Tensor k, int iterations, long seed)
    {
        using var off = no_grad();
        using var scope = NewDisposeScope();
        _codebook.copy_(Some(k, seed));
        for (var i = 0; i < iterations; i++)
        {
            using var step = NewDisposeScope();
            var (sums, counts) = Statistics(k);
            _codebook.copy_((sums / counts.clamp_min(1)).where(counts > 0, _codebook));
        }
        _counts.copy_(Statistics(k).Counts / k.size(0));
        _sums.copy_(_codebook * _counts);
    }

    /// <summary>How many vectors each code stands for, <c>[H,S]</c>, int64.</summary>
    /// <param name="k"><c>[B,H,T,D]</c>.</param>
    public Tensor Usage(Tensor k)
    {
        using var off = no_grad();
        using var scope = NewDisposeScope();
        return Statistics(k).Counts.squeeze(0).squeeze(-1).to(ScalarType.Int64).MoveToOuterDisposeScope();
    }

    private (Tensor Sums, Tensor Counts) Statistics(Tensor k, Tensor? codes = null)
    {
        var index = (codes ?? Kernels.Codebook.Assign(k, _codebook)).unsqueeze(-1);
        var sums = zeros([k.size(0), .. _sums.shape[1..]], _sums.dtype, _sums.device).scatter_add(2, index.expand(k.shape), k.to(_sums.dtype));
        var counts = zeros([k.size(0), .. _counts.shape[1..]], _sums.dtype, _sums.device).scatter_add(2, index, ones_like(index, _sums.dtype));
        return (sums.sum(0, keepdim: true), counts.sum(0, keepdim: true));
    }

    /// <summary>As many of the vectors as there are codes, different ones while there are enough, <c>[1,H,S,D]</c>.</summary>
    private Tensor Some(Tensor k, long seed)
    {
        using var generator = new Generator((ulong)seed, CPU);
        var all = k.detach().transpose(0, 1).flatten(1, 2).to(_codebook.dtype);
        var order = randperm(all.size(1), generator: generator).repeat(1 + _codebook.size(2) / all.size(1)).narrow(0, 0, _codebook.size(2));
        return all.index_select(1, order).unsqueeze(0);
    }
}
