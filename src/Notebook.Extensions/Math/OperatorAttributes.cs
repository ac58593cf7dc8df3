using System.Globalization;

namespace Attn.Notebook.Typesetting;

/// <summary>The attributes that make browsers set an operator as TeX does.</summary>
internal static class OperatorAttributes
{
    /// <param name="op">The operator.</param>
    /// <param name="tight">Whether it stands in a script, where TeX leaves no space about relations and operators.</param>
    public static string Of(OperatorNode op, bool tight)
    {
        var space = op.Role switch
        {
            OperatorRole.Large => "",
            _ when tight => Space("0"),
            OperatorRole.Relation => Space("0.2778em"),
            OperatorRole.Binary => Space("0.2222em"),
            OperatorRole.Ordinary or OperatorRole.Opening or OperatorRole.Closing => Space("0"),
            _ => "",
        };
        var form = op.Role switch { OperatorRole.Opening => " form=\"prefix\"", OperatorRole.Closing => " form=\"postfix\"", _ => "" };
        return form + space + op.Role switch
        {
            OperatorRole.Large => op.Limits ? " movablelimits=\"true\"" : "",
            OperatorRole.Dictionary => "",
            _ => Stretch(op.Size),
        };
    }

    private static string Space(string em) => $" lspace=\"{em}\" rspace=\"{em}\"";

    private static string Stretch(double? size) => size switch
    {
        null => " stretchy=\"false\"",
        0 => " stretchy=\"true\" symmetric=\"true\"",
        _ => string.Create(CultureInfo.InvariantCulture, $" stretchy=\"true\" symmetric=\"true\" minsize=\"{size}em\" maxsize=\"{size}em\""),
    };
}
