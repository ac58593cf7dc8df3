using static TorchSharp.torch;

namespace Attn.Notebook.Tensors;

/// <summary>What a tensor's values are like. Minimum, mean and maximum are those of the finite values, NaN when there are none; Counted is how many were looked at.</summary>
internal sealed record TensorStatistics(double Min, double Mean, double Max, long NaNs, long Infinities, long Counted)
{
    /// <summary>Larger tensors are judged by a sample of at most so many values.</summary>
    public const long Limit = 1 << 22;

    public static TensorStatistics Of(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        double min = double.PositiveInfinity, max = double.NegativeInfinity, mean = 0;
        long nans = 0, infinities = 0, finite = 0;
        var values = TensorSample.Values(TensorSample.Thin(tensor, Limit));
        foreach (var value in values)
        {
            if (double.IsNaN(value))
                nans++;
            else if (double.IsInfinity(value))
                infinities++;
            else
            {
                min = Math.Min(min, value);
                max = Math.Max(max, value);
                mean += (value - mean) / ++finite; // A running mean, since a sum of huge values overflows.
            }
        }

        return finite == 0
            ? new(double.NaN, double.NaN, double.NaN, nans, infinities, values.Length)
            : new(min, mean, max, nans, infinities, values.Length);
    }
}
