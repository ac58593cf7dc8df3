namespace Attn.Experiments;

/// <summary>What a case took.</summary>
/// <param name="Case">The case.</param>
/// <param name="Milliseconds">The median time of a call.</param>
/// <param name="Runs">How many calls were timed on the CPU, or rounds of calls on a GPU.</param>
/// <param name="PeakBytes">How far a call raised the process's memory at its highest, inputs not counted; null where the system does not tell.</param>
/// <param name="Skipped">Why nothing was timed; null when something was.</param>
public sealed record BenchmarkResult(BenchmarkCase Case, double Milliseconds, int Runs, long? PeakBytes, string? Skipped = null)
{
    /// <summary>Tokens per second over all sequences of the batch.</summary>
    public double TokensPerSecond => Case.Tokens / Milliseconds * 1e3;

    /// <summary>Floating-point operations per second, in units of 10⁹, by the row's own formula.</summary>
    public double GigaflopsPerSecond => Case.Cost.Flops / Milliseconds / 1e6;

    /// <summary>The share of the attainable speed: the time that the machine's arithmetic or its memory needs at least, over the time taken.</summary>
    public double Roofline(MachinePeak peak) => peak.LeastMilliseconds(Case.Cost, Case.Dtype) / Milliseconds;

    /// <summary>A case that was not timed.</summary>
    internal static BenchmarkResult NotRun(BenchmarkCase benchmark, string why) => new(benchmark, double.NaN, 0, null, why);
}
