using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>What came before: the tokens out of the window summed by code, and those that are still in it.</summary>
/// <param name="Sums">The sum of the values of each code, <c>[B,H,S,Dv]</c>.</param>
/// <param name="Counts">How many they are, <c>[B,H,S,1]</c>.</param>
/// <param name="Keys">The keys in the window, <c>[B,H,W−1,D]</c>.</param>
/// <param name="Values">Their values, <c>[B,H,W−1,Dv]</c>.</param>
/// <param name="Present">1 for each of them, 0 for places before the first token, <c>[B,H,W−1,1]</c>.</param>
internal sealed record LongVqMemory(Tensor Sums, Tensor Counts, Tensor Keys, Tensor Values, Tensor Present)
{
    /// <summary>Reads a state: a row a code, with nothing in place of a key, then a row for each place of the window.</summary>
    public static LongVqMemory Of(Tensor state, long codes, long dim)
    {
        var (window, values) = (state.size(2) - codes, state.size(3) - dim - 1);
        var (rows, places) = (state.narrow(2, 0, codes), state.narrow(2, codes, window));
        return new(
            rows.narrow(3, dim, values), rows.narrow(3, dim + values, 1),
            places.narrow(3, 0, dim), places.narrow(3, dim, values), places.narrow(3, dim + values, 1));
    }

    public Tensor ToState()
    {
        var nothing = zeros([Sums.size(0), Sums.size(1), Sums.size(2), Keys.size(3)], Sums.dtype, Sums.device);
        return cat([cat([nothing, Sums, Counts], 3), cat([Keys, Values, Present], 3)], 2);
    }

    /// <summary>The window with further tokens behind it.</summary>
    public LongVqMemory With(Tensor keys, Tensor values) => this with
    {
        Keys = cat([Keys, keys], 2),
        Values = cat([Values, values], 2),
        Present = cat([Present, ones_like(values.narrow(3, 0, 1))], 2),
    };

    /// <summary>The first tokens of the window go to the sums of their codes, each exactly once.</summary>
    public LongVqMemory Fold(long count, Tensor codes)
    {
        var index = codes.narrow(2, 0, count).unsqueeze(-1);
        var (present, rest) = (Present.narrow(2, 0, count), Keys.size(2) - count);
        return new(
            Sums.scatter_add(2, index.expand(-1, -1, -1, Values.size(3)), present * Values.narrow(2, 0, count)),
            Counts.scatter_add(2, index, present),
            Keys.narrow(2, count, rest), Values.narrow(2, count, rest), Present.narrow(2, count, rest));
    }
}
