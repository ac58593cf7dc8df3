using static TorchSharp.torch;

namespace Attn.Theory.IoComplexity;

/// <summary>A run over tiles under way: what is in fast memory, and what has crossed its border.</summary>
internal sealed class TileMemory(
    Cascade cascade, TileSchedule schedule, TileShape shape, IReadOnlyDictionary<string, Tensor> inputs, Overflow? overflow)
{
    private const int Whole = -1; // The place of what has no tiles; a running state ends at the place after the last tile.

    private readonly Dictionary<string, Einsum> _lines = cascade.Einsums.ToDictionary(line => line.Output.Tensor);
    private readonly Dictionary<string, long> _reads = cascade.Inputs.ToDictionary(name => name, _ => 0L);
    private readonly Dictionary<(string Tensor, int Tile), Tensor> _held = [], _slow = [];
    private readonly Dictionary<(string Tensor, int Tile), Tensor> _passing = []; // For one tile's turn.
    private readonly Dictionary<string, Tensor> _sums = []; // Under way.
    private int _stage;
    private long _spilled, _carried;

    /// <summary>Runs the lines of a stage: tile by tile in a sweep, else one after another.</summary>
    public void Run(int stage)
    {
        _stage = stage;
        var lines = schedule.Lines(stage);
        if (stage % 2 == 1)
        {
            for (var tile = 0; tile < shape.Tiles; tile++)
            {
                foreach (var line in lines)
                    Step(line, tile);
                Leave(tile);
            }

            Complete();
        }
        else
            foreach (var line in lines)
            {
                foreach (var tile in Tiles(line))
                    Step(line, tile);
                Complete();
            }

        Drop(_ => true);
    }

    /// <summary>The outputs, moved to the caller's scope, and the counts.</summary>
    public TileRun Finish()
    {
        var outputs = cascade.Outputs.ToDictionary(name => name, name => Output(_lines[name].Output).MoveToOuterDisposeScope());
        return new(outputs, _reads, _spilled, outputs.Values.Sum(tensor => tensor.numel()), _carried);
    }

    private Tensor Output(TensorAccess access)
    {
        if (access.At(shape.Rank) is not { } point)
            return _held[(access.Tensor, Whole)];
        var parts = Enumerable.Range(point == RankPoint.NextTile ? 1 : 0, shape.Tiles).Select(tile => _held[(access.Tensor, tile)]).ToArray();
        var dimension = access.Indices.TakeWhile(index => index.Rank != shape.Rank).Count();
        return point == RankPoint.Element ? cat(parts, dimension) : stack(parts, dimension);
    }

    private IEnumerable<int> Tiles(Einsum line) =>
        line.Operands.Any(operand => operand.At(shape.Rank) is { } point && point != RankPoint.End) ? Enumerable.Range(0, shape.Tiles) : [Whole];

    private void Step(Einsum line, int tile)
    {
        var (name, value) = (line.Output.Tensor, Evaluate(line, tile));
        if (line.Output.At(shape.Rank) is { } point)
            _held[(name, point == RankPoint.NextTile ? tile + 1 : tile)] = value;
        else
            _sums[name] = _sums.TryGetValue(name, out var sofar) ? EinsumOnTile.Join(line.Reduction, sofar, value) : value;
    }

    private void Complete()
    {
        foreach (var (name, sum) in _sums)
            _held[(name, Whole)] = sum;
        _sums.Clear();
    }

    private Tensor Evaluate(Einsum line, int tile) =>
        EinsumOnTile.Evaluate(line, shape.Rank, [.. line.Operands.Select(operand => Fetch(operand, tile))]);

    /// <summary>An operand's part of a tile: from fast memory, from slow memory, or computed again.</summary>
    private Tensor Fetch(TensorAccess operand, int tile)
    {
        var point = operand.At(shape.Rank);
        var at = (operand.Tensor, point switch { null => Whole, RankPoint.End => shape.Tiles, RankPoint.NextTile => tile + 1, _ => tile });
        if (_held.TryGetValue(at, out var value) || _passing.TryGetValue(at, out value))
            return value;
        if (!_lines.TryGetValue(operand.Tensor, out var line))
        {
            value = shape.Part(inputs[operand.Tensor], operand, tile);
            _reads[operand.Tensor] += value.numel();
            return (point is null ? _held : _passing)[at] = value;
        }

        if (_slow.TryGetValue(at, out value))
        {
            _spilled += value.numel();
            return _passing[at] = value.alias();
        }

        if (at.Item2 == 0 && line.Output.At(shape.Rank) == RankPoint.NextTile)
            return _held[at] = shape.Start(line, inputs.Values.First());
        return overflow == Overflow.Recompute && schedule.IsCarried(line) && schedule.StageOf(line) < _stage
            ? _passing[at] = Evaluate(line, tile)
            : throw new InvalidOperationException($"{operand} is read before it is there.");
    }

    /// <summary>The end of a tile's turn: what a later pass needs of it stays or overflows, the rest goes.</summary>
    private void Leave(int tile)
    {
        foreach (var (at, value) in _held.Where(held => held.Key.Tile == tile && overflow is not null && Overflows(held.Key.Tensor)).ToArray())
        {
            _held.Remove(at);
            if (overflow == Overflow.Spill)
            {
                _spilled += value.numel();
                _slow[at] = value;
            }
            else
                value.Dispose();
        }

        Drop(at => at.Tile == tile);
        // What is complete of an output can be written; a sum under way stays.
        var computed = _held.Where(held => _lines.ContainsKey(held.Key.Tensor) && schedule.LastRead(held.Key.Tensor) < int.MaxValue);
        _carried = Math.Max(_carried, computed.Sum(held => held.Value.numel()) + _sums.Values.Sum(sum => sum.numel()));
    }

    private bool Overflows(string tensor) => schedule.IsCarried(_lines[tensor]);

    /// <summary>Lets go of what was read for the last time.</summary>
    private void Drop(Func<(string Tensor, int Tile), bool> where)
    {
        foreach (var (at, value) in _held.Where(held => where(held.Key) && held.Key.Tile != shape.Tiles && schedule.LastRead(held.Key.Tensor) <= _stage).ToArray())
        {
            _held.Remove(at);
            value.Dispose();
        }

        foreach (var value in _passing.Values)
            value.Dispose();
        _passing.Clear();
    }
}
