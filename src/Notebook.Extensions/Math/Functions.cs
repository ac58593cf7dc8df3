using System.Collections.Frozen;

namespace Attn.Notebook.Typesetting;

/// <summary>The functions that have commands of their own.</summary>
internal static class Functions
{
    private static readonly FrozenSet<string> Plain = SymbolTable.Words(
        "log ln lg exp sin cos tan cot sec csc sinh cosh tanh coth arcsin arccos arctan arg dim ker deg hom");

    private static readonly FrozenSet<string> WithLimits = SymbolTable.Words("max min sup inf lim det gcd Pr limsup liminf argmax argmin");

    public static FunctionNode? Find(string name) => name switch
    {
        "limsup" or "liminf" => new($"lim {name[3..]}", Limits: true),
        "argmax" or "argmin" => new($"arg {name[3..]}", Limits: true),
        _ when WithLimits.Contains(name) => new(name, Limits: true),
        _ => Plain.Contains(name) ? new(name, Limits: false) : null,
    };
}
