using System.Globalization;
using System.Text;

namespace Attn.Notebook.Typesetting;

/// <summary>Writes parsed expressions as MathML Core.</summary>
internal sealed class MathMlWriter
{
    private const string ErrorStyle = "color:#b00020;font-family:monospace";

    private readonly StringBuilder _out = new();
    private int _scripts;

    public static string Write(MathNode node)
    {
        var writer = new MathMlWriter();
        writer.Node(node);
        return writer._out.ToString();
    }

    private void Node(MathNode node)
    {
        switch (node)
        {
            case IdentifierNode { Text: var text } name:
                var upright = name.Upright && new StringInfo(text).LengthInTextElements == 1 && char.IsBetween(text[0], '\0', '\ud7ff');
                Leaf("mi", upright ? " mathvariant=\"normal\"" : "", text);
                break;
            case NumberNode { Text: var text }:
                Leaf("mn", "", text);
                break;
            case TextNode { Text: var text, Style: var style }:
                Leaf("mtext", style is null ? "" : $" style=\"{style}\"", KeepSpaces(text));
                break;
            case UnknownNode { Command: var command }:
                Leaf("mtext", $" class=\"attn-unknown\" style=\"{ErrorStyle}\"", $"\\{command}");
                break;
            case SpaceNode { Em: var em }:
                _out.Append(em < 0 ? $"<mspace width=\"0\" style=\"margin-left:{N(em)}em\"/>" : $"<mspace width=\"{N(em)}em\"/>");
                break;
            case FunctionNode function:
                Function(function);
                break;
            case OperatorNode op:
                Leaf("mo", OperatorAttributes.Of(op, tight: _scripts > 0), op.Text);
                break;
            case RowNode row:
                Row(row);
                break;
            case WrapNode { Element: var element, Attributes: var attributes, Inner: var inner }:
                Element(element, attributes.Length == 0 ? "" : $" {attributes}", inner);
                break;
            case FractionNode fraction:
                Fraction(fraction);
                break;
            case RootNode { Degree: null } root:
                Element("msqrt", "", root.Radicand);
                break;
            case RootNode root:
                Element("mroot", "", root.Radicand, root.Degree!);
                break;
            case ScriptsNode scripts:
                Scripts(scripts);
                break;
            case AccentNode accent:
                Accent(accent);
                break;
            case TableNode table:
                Table(table);
                break;
            default:
                throw new InvalidOperationException($"no MathML for {node.GetType().Name}");
        }
    }

    private void Row(RowNode row)
    {
        if (row.Items is [var only])
        {
            Node(only);
            return;
        }

        _out.Append("<mrow>");
        foreach (var item in row.Items)
            Node(item);
        _out.Append("</mrow>");
    }

    private void Function(FunctionNode function)
    {
        if (function.Limits)
            Leaf("mo", " form=\"prefix\" stretchy=\"false\" movablelimits=\"true\" lspace=\"0\" rspace=\"0\"", function.Name);
        else
            Leaf("mi", function.Name.Length == 1 ? " mathvariant=\"normal\"" : "", function.Name);
    }

    private void Fraction(FractionNode fraction)
    {
        var line = fraction.Line ? "" : " linethickness=\"0\"";
        var display = fraction.Display switch { true => " displaystyle=\"true\"", false => " displaystyle=\"false\"", _ => "" };
        Element("mfrac", line + display, fraction.Top, fraction.Bottom);
    }

    private void Scripts(ScriptsNode scripts)
    {
        var (inner, sub, sup, limits) = scripts;
        var element = (sub, sup) switch
        {
            (not null, not null) => limits ? "munderover" : "msubsup",
            (not null, null) => limits ? "munder" : "msub",
            _ => limits ? "mover" : "msup",
        };
        _out.Append($"<{element}>");
        Child(inner);
        _scripts++;
        if (sub is not null)
            Child(sub);
        if (sup is not null)
            Child(sup);
        _scripts--;
        _out.Append($"</{element}>");
    }

    private void Accent(AccentNode accent)
    {
        var element = accent.Under ? "munder" : "mover";
        _out.Append($"<{element} accent{(accent.Under ? "under" : "")}=\"true\">");
        Child(accent.Base);
        Leaf("mo", accent.Stretchy ? " stretchy=\"true\"" : " stretchy=\"false\"", accent.Mark);
        _out.Append($"</{element}>");
    }

    private void Table(TableNode table)
    {
        _out.Append(table.Display ? "<mtable displaystyle=\"true\">" : "<mtable>");
        foreach (var row in table.Rows)
        {
            _out.Append("<mtr>");
            for (var c = 0; c < row.Count; c++)
                Element("mtd", $" style=\"{CellStyle(table, c)}\"", row[c]);
            _out.Append("</mtr>");
        }

        _out.Append("</mtable>");
    }

    private static string CellStyle(TableNode table, int column)
    {
        var place = table.Align.Length == 0 ? 'c' : table.Align == "rl" ? "rl"[column % 2] : table.Align[Math.Min(column, table.Align.Length - 1)];
        var align = place switch { 'l' => "text-align:left", 'r' => "text-align:right", _ => "text-align:center" };
        var gap = table.Align == "rl" && column > 0 && column % 2 == 0 ? ";padding-left:2em" : "";
        return table.Style.Length == 0 ? align : $"{align};{table.Style}{gap}";
    }

    private void Element(string name, string attributes, params ReadOnlySpan<MathNode> children)
    {
        _out.Append($"<{name}{attributes}>");
        foreach (var child in children)
            Child(child);
        _out.Append($"</{name}>");
    }

    /// <summary>A child that must be one element, even when it is empty.</summary>
    private void Child(MathNode node)
    {
        if (node is RowNode { Items.Count: 0 })
            _out.Append("<mrow></mrow>");
        else
            Node(node);
    }

    private void Leaf(string name, string attributes, string text) => _out.Append($"<{name}{attributes}>{Markup.Escape(text)}</{name}>");

    /// <summary>MathML trims the spaces at the ends of its text.</summary>
    private static string KeepSpaces(string text) => text.Length > 0 && (text[0] == ' ' || text[^1] == ' ')
        ? (text[0] == ' ' ? "\u00a0" : "") + text.Trim(' ') + (text.Length > 1 && text[^1] == ' ' ? "\u00a0" : "")
        : text;

    private static string N(double value) => value.ToString("0.####", CultureInfo.InvariantCulture);
}
