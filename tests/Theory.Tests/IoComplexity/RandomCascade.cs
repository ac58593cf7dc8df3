using Attn.Theory.IoComplexity;

namespace Theory.Tests.IoComplexity;

/// <summary>Cascades of every kind of line over A[m,p] and B[p], and how often a machine that keeps everything must sweep over m.</summary>
internal static class RandomCascade
{
    public static Cascade Draw(Random random, int lines)
    {
        var cascade = new Cascade("random");
        List<string> full = ["A[m,p]"], tiled = [], whole = ["B[p]"];
        // Every other time the newest, so that chains grow long.
        string Any(List<string> from) => random.Next(2) == 0 ? from[^1] : from[random.Next(from.Count)];
        for (var i = 0; i < lines; i++)
        {
            var name = $"T{i}";
            var operation = random.Next(2) == 0 ? "*" : "+";
            switch (random.Next(7))
            {
                case 0 or 1:
                    cascade = cascade.Add($"{name}[m,p] = {Any(full)} {operation} {Any([.. full, .. tiled, .. whole])}");
                    full.Add($"{name}[m,p]");
                    break;
                case 2:
                    cascade = cascade.Add($"{name}[m1,p] = {(random.Next(2) == 0 ? "sum" : "max")} {Any(full)}");
                    tiled.Add($"{name}[m1,p]");
                    break;
                case 3 when tiled.Count > 0:
                    cascade = cascade.Add($"{name}[m1,p] = {Any(tiled)} {operation} {Any([.. tiled, .. whole])}");
                    tiled.Add($"{name}[m1,p]");
                    break;
                case 4 when tiled.Count > 0:
                    cascade = cascade.Add($"{name}[m1+1,p] = {name}[m1,p] + {Any(tiled)}");
                    tiled.AddRange([$"{name}[m1,p]", $"{name}[m1+1,p]"]);
                    whole.Add($"{name}[M1,p]");
                    break;
                case 5:
                    cascade = cascade.Add($"{name}[p] = sum {Any([.. full, .. tiled])}");
                    whole.Add($"{name}[p]");
                    break;
                default:
                    cascade = cascade.Add($"{name}[p] = {Any(whole)} {operation} {Any(whole)}");
                    whole.Add($"{name}[p]");
                    break;
            }
        }

        return cascade;
    }

    /// <summary>Sweeps over the tiles until every line is done everywhere, each line as soon as it can be.</summary>
    public static int Sweeps(Cascade cascade, int tiles)
    {
        var there = cascade.Inputs.SelectMany(name => Enumerable.Range(-1, tiles + 2).Select(tile => (name, tile))).ToHashSet();
        foreach (var state in cascade.Einsums.Where(line => line.Output.At("m") == RankPoint.NextTile))
            there.Add((state.Output.Tensor, 0));
        var contributed = new HashSet<(string, int)>();
        var touched = 0;
        for (var sweep = 1; ; sweep++)
        {
            Between();
            var worked = false;
            for (var tile = 0; tile < tiles; tile++)
                foreach (var line in cascade.Einsums.Where(IsTiled))
                    if (Try(line, tile))
                        (worked, touched) = (true, line.Operands.Any(operand => operand.At("m") == RankPoint.Element) ? sweep : touched);
            if (!worked)
                return touched;
        }

        void Between()
        {
            for (var again = true; again;)
            {
                again = false;
                foreach (var line in cascade.Einsums.Where(line => line.Operands.All(operand => operand.At("m") != RankPoint.Element)))
                    foreach (var tile in IsTiled(line) ? Enumerable.Range(0, tiles) : [-1])
                        again |= Try(line, tile);
                foreach (var line in cascade.Einsums.Where(line => line.Output.At("m") is null && IsTiled(line)))
                    if (Enumerable.Range(0, tiles).All(tile => contributed.Contains((line.Output.Tensor, tile))))
                        again |= there.Add((line.Output.Tensor, -1));
            }
        }

        bool Try(Einsum line, int tile) => line.Operands.All(operand => there.Contains((operand.Tensor, Place(operand, tile))))
            && (line.Output.At("m") is null && IsTiled(line) ? contributed.Add((line.Output.Tensor, tile)) : there.Add((line.Output.Tensor, Place(line.Output, tile))));

        int Place(TensorAccess access, int tile) => access.At("m") switch { null => -1, RankPoint.End => tiles, RankPoint.NextTile => tile + 1, _ => tile };

        bool IsTiled(Einsum line) => line.Operands.Any(operand => operand.At("m") is { } point && point != RankPoint.End);
    }
}
