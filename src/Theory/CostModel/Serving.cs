namespace Attn.Theory.CostModel;

/// <summary>What a way of serving achieves.</summary>
/// <param name="Batch">Requests decoded together.</param>
/// <param name="Throughput">Tokens a second.</param>
/// <param name="DollarsPerHour">What an hour of its devices costs.</param>
public sealed record Serving(int Batch, double Throughput, double DollarsPerHour)
{
    /// <summary>Tokens for a dollar.</summary>
    public double TokensPerDollar => 3600 * Throughput / DollarsPerHour;
}
