namespace Attn.Theory.CostModel;

/// <summary>A device that can be rented, as its data sheet has it.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Flops">Operations a second in 16-bit floating point.</param>
/// <param name="Memory">Bytes of memory.</param>
/// <param name="Bandwidth">Bytes a second from and to that memory.</param>
/// <param name="DollarsPerHour">What an hour costs.</param>
public sealed record Accelerator(string Name, double Flops, double Memory, double Bandwidth, double DollarsPerHour)
{
    /// <summary>NVIDIA H100, with the paper's price (arXiv 2405.01814v2, Table 1).</summary>
    public static Accelerator H100 { get; } = new("H100", 989e12, 80e9, 3.35e12, 11.06);

    /// <summary>NVIDIA H20: little arithmetic, much memory and bandwidth.</summary>
    public static Accelerator H20 { get; } = new("H20", 148e12, 96e9, 4.0e12, 4.63);

    /// <summary>Google TPU v6e.</summary>
    public static Accelerator TpuV6e { get; } = new("TPU v6e", 918e12, 32e9, 1.64e12, 2.70);

    /// <summary>Operations per byte at which memory and arithmetic take the same time: the ridge of the roofline.</summary>
    public double Ridge => Flops / Bandwidth;
}
