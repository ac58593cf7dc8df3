namespace Attn.Notebook.Typesetting;

/// <summary>Spaces by name.</summary>
internal static class Spaces
{
    /// <summary>The space in em; null for another name.</summary>
    public static double? Find(string name) => name switch
    {
        "," or "thinspace" => 3 / 18.0,
        ":" or ">" or "medspace" => 4 / 18.0,
        ";" or "thickspace" => 5 / 18.0,
        "!" or "negthinspace" => -3 / 18.0,
        " " or "space" or "nobreakspace" => 0.25,
        "enspace" => 0.5,
        "quad" => 1,
        "qquad" => 2,
        "/" => 0,
        _ => null,
    };
}
