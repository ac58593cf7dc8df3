namespace Attn.Theory.IoComplexity;

/// <summary>The steps from FLAT to FuseMax that the paper compares.</summary>
public enum AcceleratorDesign
{
    /// <summary>Each Einsum by itself, its output in slow memory.</summary>
    Unfused,

    /// <summary>The three-pass cascade fused, on FLAT's hardware.</summary>
    Flat,

    /// <summary>The one-pass cascade on FLAT's hardware.</summary>
    Cascade,

    /// <summary>With an architecture whose square array can do softmax.</summary>
    Architecture,

    /// <summary>With the two arrays' work interleaved: FuseMax.</summary>
    Binding,
}

/// <summary>
/// Latencies that the paper's artifact computed with Timeloop (FPSG-UIUC/micro24-fusemax-artifact, its pre-generated tables), in units of
/// <see cref="FlatModel.Latency"/> and to five digits. The three models with E = F = 64 share a row.
/// </summary>
public static class FuseMaxArtifact
{
    private static readonly Dictionary<(AcceleratorDesign, int Depth), double[]> Rows = new()
    {
        [(AcceleratorDesign.Unfused, 64)] = [1.63032, 1.57779, 1.56466, 1.56138, 1.56151, 1.56059],
        [(AcceleratorDesign.Unfused, 128)] = [1.70035, 1.59530, 1.56904, 1.56247, 1.56493, 1.56145],
        [(AcceleratorDesign.Flat, 64)] = [1, 1, 1, 1, 1.15572, 1.15562],
        [(AcceleratorDesign.Flat, 128)] = [1, 1, 1, 1, 1.19088, 1.19067],
        [(AcceleratorDesign.Cascade, 64)] = [1.14551, 1.13379, 1.13086, 1.13013, 1.12994, 1.12990],
        [(AcceleratorDesign.Cascade, 128)] = [1.28613, 1.26270, 1.25684, 1.25537, 1.25500, 1.25491],
        [(AcceleratorDesign.Architecture, 64)] = [.44727, .44727, .44727, .44727, .44727, .44727],
        [(AcceleratorDesign.Architecture, 128)] = [.63477, .63477, .63477, .63477, .63477, .63477],
        [(AcceleratorDesign.Binding, 64)] = [.15039, .13867, .13574, .13501, .13483, .13478],
        [(AcceleratorDesign.Binding, 128)] = [.29102, .26758, .26172, .26025, .25989, .25980],
    };

    /// <summary>Seconds for a layer's attention.</summary>
    /// <param name="design">Which step.</param>
    /// <param name="workload">One of <see cref="AttentionWorkload.All"/>.</param>
    /// <param name="length">One of <see cref="AttentionWorkload.Lengths"/>.</param>
    /// <exception cref="ArgumentException">The artifact has no such figure.</exception>
    public static double Latency(AcceleratorDesign design, AttentionWorkload workload, int length)
    {
        if (!AttentionWorkload.All.Contains(workload))
            throw new ArgumentException($"workload: got {workload}, needs one of {string.Join(", ", AttentionWorkload.All.Select(one => one.Name))}.", nameof(workload));
        var at = AttentionWorkload.Lengths.ToList().IndexOf(length);
        return at >= 0
            ? Rows[(design, workload.Depth)][at] * new FlatModel().Latency(workload, length)
            : throw new ArgumentException($"length: got {length}, needs one of {string.Join(", ", AttentionWorkload.Lengths)}.", nameof(length));
    }
}
