namespace Attn.Theory.CostModel;

/// <summary>
/// The cost of decoding by the roofline, when attention and its cache lie on devices of their own (Chen et al. 2024, 'Lamina',
/// arXiv 2405.01814v2, §2–3) or on those of the weights. Times are seconds a token; throughput is tokens a second.
/// </summary>
/// <param name="Model">What is served.</param>
public sealed record ServingCostModel(ServedModel Model)
{
    /// <summary>The part of a device's arithmetic that linear layers reach; ours, the paper names none.</summary>
    public double ComputeEfficiency { get; init; } = 0.7;

    /// <summary>The part of a device's bandwidth that is reached; ours, the paper names none.</summary>
    public double BandwidthEfficiency { get; init; } = 0.8;

    /// <summary>The part of memory that weights and cache may fill.</summary>
    public double MemoryShare { get; init; } = 0.9;

    /// <summary>Bytes a second from one model device to the pool: 400 Gbit/s, nine tenths of it used.</summary>
    public double LinkBandwidth { get; init; } = 50e9 * 0.9;

    /// <summary>MTIME: the linear layers of one step, max(2NB/(gFη_f), eN/(gWη_w)).</summary>
    /// <param name="batch">B, requests.</param>
    /// <param name="devices">What holds the weights.</param>
    public double LinearTime(double batch, Devices devices)
    {
        ArgumentNullException.ThrowIfNull(devices);
        return Math.Max(
            2 * Model.Parameters * ServedModel.Positive(batch, nameof(batch)) / (devices.Flops * ComputeEfficiency),
            Model.WeightBytes / (devices.Bandwidth * BandwidthEfficiency));
    }

    /// <summary>ATIME: attention of one step over the whole cache, B·KV(l)/(gWη_w).</summary>
    /// <param name="batch">B, requests.</param>
    /// <param name="context">l, the mean of the batch's contexts.</param>
    /// <param name="devices">What holds the cache.</param>
    public double AttentionTime(double batch, double context, Devices devices)
    {
        ArgumentNullException.ThrowIfNull(devices);
        return ServedModel.Positive(batch, nameof(batch)) * Model.CacheBytes(context) / (devices.Bandwidth * BandwidthEfficiency);
    }

    /// <summary>q, k, v and o of one step over the links, one a model device.</summary>
    public double TransferTime(double batch, Devices devices)
    {
        ArgumentNullException.ThrowIfNull(devices);
        return Model.LinkBytes * Model.Layers * batch / (LinkBandwidth * devices.Count);
    }

    /// <summary>Requests whose cache fits beside the weights.</summary>
    /// <returns>0 where not even one does.</returns>
    public int MaxBatch(double context, Devices devices)
    {
        ArgumentNullException.ThrowIfNull(devices);
        return Fitting(MemoryShare * devices.Memory - Model.WeightBytes, context);
    }

    /// <summary>Requests whose cache fits into a pool that holds nothing else.</summary>
    public int MaxBatchOfPool(double context, Devices pool)
    {
        ArgumentNullException.ThrowIfNull(pool);
        return Fitting(MemoryShare * pool.Memory, context);
    }

    /// <summary>Everything on the same devices, at the largest batch.</summary>
    public Serving Homogeneous(double context, Devices devices)
    {
        var batch = MaxBatch(context, devices);
        var step = batch == 0 ? double.PositiveInfinity : LinearTime(batch, devices) + AttentionTime(batch, context, devices);
        return new(batch, batch / step, devices.DollarsPerHour);
    }

    /// <summary>Attention on a pool of its own, at the largest batch: two halves of it take turns, or the whole of it waits at each change.</summary>
    /// <param name="context">l, tokens.</param>
    /// <param name="devices">What holds the weights.</param>
    /// <param name="pool">What holds the cache.</param>
    /// <param name="staggered">Whether one half is in the linear layers while the other is in attention.</param>
    public Serving Disaggregated(double context, Devices devices, Devices pool, bool staggered = true)
    {
        var batch = MaxBatchOfPool(context, pool);
        var step = batch == 0 ? double.PositiveInfinity : staggered
            ? 2 * Math.Max(LinearTime(batch / 2.0, devices), Remote(batch / 2.0))
            : LinearTime(batch, devices) + Remote(batch);
        return new(batch, batch / step, devices.DollarsPerHour + pool.DollarsPerHour);

        double Remote(double requests) => AttentionTime(requests, context, pool) + TransferTime(requests, devices);
    }

    /// <summary>The least bandwidth of the link, bytes a second, for transfers to take at most <paramref name="share"/> of a step.</summary>
    /// <param name="batch">B, requests.</param>
    /// <param name="context">l, tokens.</param>
    /// <param name="share">α, in (0, 1].</param>
    /// <param name="devices">What holds the weights.</param>
    /// <param name="pool">What holds the cache.</param>
    public double MinBandwidth(double batch, double context, double share, Devices devices, Devices pool)
    {
        if (!(share is > 0 and <= 1))
            throw new ArgumentException($"share: got {share}, needs a number in (0, 1].", nameof(share));
        return Model.LinkBytes * batch * Model.Layers
            / (share * (LinearTime(batch, devices) + AttentionTime(batch, context, pool)));
    }

    private int Fitting(double bytes, double context) => (int)Math.Max(0, Math.Floor(bytes / Model.CacheBytes(context)));
}
