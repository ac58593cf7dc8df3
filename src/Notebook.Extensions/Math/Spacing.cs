namespace Attn.Notebook.Typesetting;

/// <summary>What depends on neighbours: the thin spaces about a function's name, and a sign that stands before its operand.</summary>
internal static class Spacing
{
    private static readonly SpaceNode Thin = new(3 / 18.0);

    public static List<MathNode> Spaced(List<MathNode> items)
    {
        var spaced = new List<MathNode>(items.Count);
        for (var i = 0; i < items.Count; i++)
        {
            if (IsFunction(items[i]) && i > 0 && IsOrdinary(items[i - 1]))
                spaced.Add(Thin);
            spaced.Add(items[i] is OperatorNode { Text: "−" or "+" or "±" or "∓" } sign && IsBeforeOperand(items, i) ? sign with { Role = OperatorRole.Ordinary } : items[i]);
            if (IsFunction(items[i]) && i + 1 < items.Count && IsOrdinary(items[i + 1]))
                spaced.Add(Thin);
        }

        return spaced;
    }

    private static bool IsBeforeOperand(List<MathNode> items, int i) => i == 0 || items[i - 1] is SpaceNode
        or OperatorNode { Role: OperatorRole.Relation or OperatorRole.Binary or OperatorRole.Opening } or OperatorNode { Role: OperatorRole.Dictionary, Text: "," or ";" or "+" or "−" };

    private static bool IsFunction(MathNode node) => node is FunctionNode or ScriptsNode { Base: FunctionNode };

    private static bool IsOrdinary(MathNode node) => node switch
    {
        ScriptsNode { Base: var inner } => IsOrdinary(inner),
        IdentifierNode or NumberNode or FractionNode or RootNode or AccentNode or WrapNode => true,
        OperatorNode { Text: "‖" or "|" or "∑" or "∏" } => true,
        RowNode { Items: [var first, ..] } => IsOrdinary(first),
        _ => false,
    };
}
