namespace Attn.Host.Pages;

/// <summary>Styles and scripts that pages carry in themselves.</summary>
internal static class PageResource
{
    public static string Text(string name)
    {
        using var stream = typeof(PageResource).Assembly.GetManifestResourceStream($"{typeof(PageResource).Namespace}.{name}")!;
        return new StreamReader(stream).ReadToEnd();
    }
}
