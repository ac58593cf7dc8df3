namespace Attn.Theory.ScanAndSnap;

/// <summary>What a training run shows its observer after each update.</summary>
/// <param name="Step">The number of updates made, from 1.</param>
/// <param name="Loss">The batch's mean loss before the update, in nats.</param>
/// <param name="Model">The model after the update; the run goes on changing it.</param>
public readonly record struct TrainingStep(int Step, double Loss, ScanSnapModel Model);
