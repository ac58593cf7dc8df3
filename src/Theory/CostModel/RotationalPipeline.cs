namespace Attn.Theory.CostModel;

/// <summary>
/// The rotating timetable of attention offloading (arXiv 2405.01814v2, §4.3): n batches, n − 1 replicas of the model, one pool for attention. Batch
/// j starts at j·t_m/(n − 1), its slice k on replica (j + k) mod (n − 1), attention after each slice, nobody waits for anybody. It is free of
/// conflicts, and all are always busy, just when t_a = t_m/(n − 1).
/// </summary>
/// <param name="Batches">n, at least 2.</param>
/// <param name="Slices">Slices a batch passes through, at least 1.</param>
public sealed record RotationalPipeline(int Batches, int Slices)
{
    // One slice in ticks for each replica, so that t_m/(n − 1) and halves of it are whole numbers.
    private const int TicksEach = 4;

    /// <summary>n.</summary>
    public int Batches { get; } = Batches >= 2 ? Batches : throw new ArgumentException($"Batches: got {Batches}, needs at least 2.", nameof(Batches));

    /// <summary>Slices a batch passes through.</summary>
    public int Slices { get; } = Slices >= 1 ? Slices : throw new ArgumentException($"Slices: got {Slices}, needs at least 1.", nameof(Slices));

    /// <summary>t_a over t_m/(n − 1), in quarters; 1 is balance.</summary>
    public double Balance { get; init; } = 1;

    /// <summary>Whether batches go on to the next replica with each slice; else batch j stays on replica j mod (n − 1).</summary>
    public bool Rotates { get; init; } = true;

    /// <summary>The number of the pool in <see cref="Slot.Resource"/>; replicas are 0 … n − 2.</summary>
    public int Pool => Batches - 1;

    private int Offset => TicksEach;

    private int ModelTicks => TicksEach * (Batches - 1);

    private int AttentionTicks => TicksEach * Balance is var ticks && ticks >= 1 && ticks == Math.Floor(ticks)
        ? (int)ticks
        : throw new ArgumentException($"Balance: got {Balance}, needs a positive multiple of {1.0 / TicksEach}.", nameof(Balance));

    /// <summary>Who is where from when to when; times in t_m.</summary>
    public IReadOnlyList<Slot> Schedule() => [.. Ticks().Select(slot =>
        new Slot(slot.Batch, slot.Slice, slot.Resource, (double)slot.Start / ModelTicks, (double)slot.End / ModelTicks))];

    /// <summary>How many pairs of slots want one resource at one time, among replicas and in the pool.</summary>
    public (int Replicas, int Pool) Conflicts()
    {
        var (replicas, pool) = (0, 0);
        foreach (var resource in Ticks().GroupBy(slot => slot.Resource))
        {
            var slots = resource.OrderBy(slot => slot.Start).ToArray();
            for (var i = 0; i < slots.Length; i++)
                for (var next = i + 1; next < slots.Length && slots[next].Start < slots[i].End; next++)
                    _ = resource.Key == Pool ? pool++ : replicas++;
        }

        return (replicas, pool);
    }

    /// <summary>The part of the steady state, when all batches are under way, that each resource has somebody; the pool last.</summary>
    public double[] Utilisation()
    {
        var slots = Ticks().ToArray();
        var from = Offset * (Batches - 1) + ModelTicks; // The last batch has come to the pool
        var to = Slices * (ModelTicks + AttentionTicks); // … and the first is not through.
        var busy = new double[Batches];
        for (var resource = 0; resource < Batches; resource++)
        {
            var taken = new bool[Math.Max(1, to - from)];
            foreach (var slot in slots.Where(slot => slot.Resource == resource))
                for (var tick = Math.Max(slot.Start, from); tick < Math.Min(slot.End, to); tick++)
                    taken[tick - from] = true;
            busy[resource] = taken.Average(x => x ? 1.0 : 0.0);
        }

        return busy;
    }

    private IEnumerable<(int Batch, int Slice, int Resource, int Start, int End)> Ticks()
    {
        var attention = AttentionTicks;
        for (var batch = 0; batch < Batches; batch++)
            for (var slice = 0; slice < Slices; slice++)
            {
                var start = batch * Offset + slice * (ModelTicks + attention);
                yield return (batch, slice, (Rotates ? batch + slice : batch) % (Batches - 1), start, start + ModelTicks);
                yield return (batch, slice, Pool, start + ModelTicks, start + ModelTicks + attention);
            }
    }

    /// <summary>One stay of a batch at a replica or the pool.</summary>
    /// <param name="Batch">Which batch.</param>
    /// <param name="Slice">Which of its slices.</param>
    /// <param name="Resource">The replica, or <see cref="RotationalPipeline.Pool"/>.</param>
    /// <param name="Start">In t_m.</param>
    /// <param name="End">In t_m.</param>
    public readonly record struct Slot(int Batch, int Slice, int Resource, double Start, double End);
}
