using System.Numerics;

namespace Attn.Theory.Numerics;

/// <summary>
/// The generator xoshiro256** (Blackman and Vigna 2018), seeded through SplitMix64. Sampling a notebook's contexts takes a billion
/// draws: <see cref="Random"/> with a seed is several times slower.
/// </summary>
public sealed class Xoshiro256
{
    private const double InverseOf2To53 = 1.0 / (1L << 53);
    private ulong _a, _b, _c, _d;

    /// <summary>A generator whose whole sequence is fixed by <paramref name="seed"/>.</summary>
    public Xoshiro256(long seed)
    {
        var state = (ulong)seed;
        _a = SplitMix(ref state);
        _b = SplitMix(ref state);
        _c = SplitMix(ref state);
        _d = SplitMix(ref state);
    }

    /// <summary>64 uniform bits.</summary>
    public ulong NextBits()
    {
        var result = BitOperations.RotateLeft(_b * 5, 7) * 9;
        var t = _b << 17;
        _c ^= _a;
        _d ^= _b;
        _b ^= _c;
        _a ^= _d;
        _c ^= t;
        _d = BitOperations.RotateLeft(_d, 45);
        return result;
    }

    /// <summary>A uniform number in [0, 1) with 53 random bits.</summary>
    public double NextDouble() => (NextBits() >> 11) * InverseOf2To53;

    /// <summary>A uniform integer in [0, <paramref name="count"/>); the bias, below count/2⁶⁴, is left in.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is not positive.</exception>
    public int NextIndex(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        return (int)Math.BigMul(NextBits(), (ulong)count, out _);
    }

    private static ulong SplitMix(ref ulong state)
    {
        var z = state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
