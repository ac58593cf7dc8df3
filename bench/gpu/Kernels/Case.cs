namespace Attn.Bench;

/// <summary>One kernel at one shape.</summary>
/// <param name="Name">Kernel and shape.</param>
/// <param name="Run">Asks the GPU for it once.</param>
/// <param name="Peer">What the peers' file calls the same work; null where there is no peer.</param>
/// <param name="Target">Milliseconds that were aimed at; null where none were.</param>
/// <param name="Flops">Floating-point operations; 0 where memory is what counts.</param>
/// <param name="Bytes">Bytes that must be read or written.</param>
internal sealed record Case(string Name, Action Run, string? Peer, double? Target, double Flops, double Bytes);
