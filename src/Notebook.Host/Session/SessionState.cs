using System.Reflection;

namespace Attn.Host.Session;

/// <summary>What a session's cells leave to those after them.</summary>
internal sealed class SessionState
{
    private readonly List<CellVariable> _variables = [];

    // One place for each cell that has variables; the first is the compiler's, for an object that lends every cell its members.
    private object?[] _states = [null];

    /// <summary>The cell that the next one continues; null before the first.</summary>
    public CompiledCell? Last { get; private set; }

    /// <summary>The variables of all cells; of one name, the last counts.</summary>
    public IReadOnlyList<CellVariable> Variables => _variables;

    /// <summary>Runs a cell that continues <see cref="Last"/>, and keeps what it declares; of one that throws, what it had declared by then.</summary>
    /// <returns>The cell's value.</returns>
    public async Task<object?> RunAsync(CompiledCell cell)
    {
        object?[] states = [.. _states, null];
        try
        {
            return await cell.RunAsync(states);
        }
        finally
        {
            // What declares nothing need not be kept: a day of small cells would fill the memory with them.
            if (cell.Declares || Last is null)
                Keep(cell, states);
        }
    }

    private void Keep(CompiledCell cell, object?[] states)
    {
        if (states[^1] is { } state)
        {
            _states = states;
            _variables.AddRange(CellVariable.Of(state));
        }
        else if (cell.HasState)
        {
            return; // It was stopped before it began: the next cell would look for its variables in a place that does not exist.
        }

        Last = cell;
    }
}

/// <summary>A variable that a cell has declared.</summary>
internal sealed record CellVariable(object State, FieldInfo Field)
{
    public string Name => Field.Name;

    public object? Value => Field.GetValue(State);

    /// <summary>The variables that an object of the compiler holds: its other fields have names that no one can write.</summary>
    public static IEnumerable<CellVariable> Of(object state) => state.GetType().GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly)
        .Where(field => field.Name[0] == '_' || char.IsLetterOrDigit(field.Name[0]))
        .Select(field => new CellVariable(state, field));
}
