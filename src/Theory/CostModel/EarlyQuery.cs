namespace Attn.Theory.CostModel;

/// <summary>
/// One layer's step with the query sent as soon as it is projected: the pool attends over the old cache while keys and values of the new token
/// are still projected and sent (arXiv 2405.01814v2, §4). Seconds.
/// </summary>
/// <param name="Linear">t_m, the layer's matrix products.</param>
/// <param name="KeyValueShare">f, the part of them that projects keys and values.</param>
/// <param name="Query">To send q.</param>
/// <param name="KeysAndValues">To send k and v.</param>
/// <param name="Attention">To attend over the cache.</param>
/// <param name="Output">To send o back.</param>
public sealed record EarlyQuery(double Linear, double KeyValueShare, double Query, double KeysAndValues, double Attention, double Output)
{
    /// <summary>One after the other: t_m + t_q + t_kv + t_att + t_o.</summary>
    public double Serial => Linear + Query + KeysAndValues + Attention + Output;

    /// <summary>Query first: t_m(1 − f) + t_q + max(t_att, t_kv + f·t_m) + t_o.</summary>
    public double Overlapped =>
        Linear * (1 - KeyValueShare) + Query + Math.Max(Attention, KeysAndValues + KeyValueShare * Linear) + Output;

    /// <summary>How much more a second the query sent first gives: serial over overlapped, less 1.</summary>
    public double Gain => Serial / Overlapped - 1;

    /// <summary>The step of a batch.</summary>
    /// <param name="costs">The model and what its devices reach.</param>
    /// <param name="batch">B, requests.</param>
    /// <param name="context">l, tokens.</param>
    /// <param name="devices">What holds the weights.</param>
    /// <param name="pool">What holds the cache.</param>
    /// <param name="bandwidth">Bytes a second of the links together.</param>
    /// <param name="latency">Seconds a message takes besides.</param>
    public static EarlyQuery Of(
        ServingCostModel costs, double batch, double context, Devices devices, Devices pool, double bandwidth, double latency)
    {
        ArgumentNullException.ThrowIfNull(costs);
        ServedModel.Positive(bandwidth, nameof(bandwidth));
        var model = costs.Model;
        double Send(double numbers) => numbers * model.ElementBytes * batch / bandwidth + latency;
        return new(
            costs.LinearTime(batch, devices) / model.Layers, model.KeyValueShare, Send(model.Width), Send(2.0 * model.Width / model.Group),
            costs.AttentionTime(batch, context, pool) / model.Layers, Send(model.Width));
    }
}
