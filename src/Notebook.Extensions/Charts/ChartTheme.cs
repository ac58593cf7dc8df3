namespace Attn.Notebook.Charting;

/// <summary>The one look of every figure, interactive or static.</summary>
internal static class ChartTheme
{
    public const int Width = 720;
    public const int Height = 420;
    public const int LabelSize = 12;
    public const string Font = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif";
    public const string Ink = "#1f2933";
    public const string Muted = "#52606d";
    public const string Grid = "#e4e7eb";
    public const string Axis = "#9aa5b1";
    public const string Paper = "#ffffff";

    /// <summary>Okabe and Ito's colours (2008), told apart by every kind of colour vision, with the yellow that white paper swallows left out.</summary>
    public static IReadOnlyList<string> Colors { get; } =
        ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#4d4d4d", "#8c564b"];

    public static string Color(int index) => Colors[(index % Colors.Count + Colors.Count) % Colors.Count];
}
