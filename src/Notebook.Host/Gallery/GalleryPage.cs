using System.Globalization;
using System.Net;
using Attn.Host.Pages;
using Attn.Notebook;

namespace Attn.Host.Gallery;

/// <summary>The index of executed notebooks as one HTML file: a card each by family, all claims, and a search that needs no network.</summary>
internal static class GalleryPage
{
    private static readonly string Style = PageResource.Text("page.css") + PageResource.Text("gallery.css"), Search = PageResource.Text("gallery.js");

    public static string Render(IReadOnlyList<GalleryEntry> entries, DateTimeOffset when) => $"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:">
        <title>Attention, reproducible</title>
        <style>{Style}</style>
        </head>
        <body class="gallery">
        <header>
        <h1>Attention, reproducible</h1>
        <p class="facts">{Counts(entries)} · {when.ToString("d MMMM yyyy, HH:mm", CultureInfo.InvariantCulture)}</p>
        <p><input id="search" type="search" placeholder="Search papers and claims" aria-label="Search papers and claims"> <span id="found" role="status"></span></p>
        </header>
        <main>
        {string.Concat(entries.GroupBy(entry => entry.Family).OrderBy(family => family.Key == GalleryEntry.Theory).Select(Family))}
        <section class="group"><h2>Claims</h2><table class="scoreboard"><tbody>
        {string.Concat(entries.SelectMany(entry => entry.Claims, Claim))}</tbody></table></section>
        </main>
        <footer>Made by <b>attn</b>.</footer>
        <script>{Search}</script>
        </body>
        </html>

        """;

    private static string Family(IGrouping<string, GalleryEntry> family) =>
        $"<section class=\"group\"><h2>{Text(char.ToUpperInvariant(family.Key[0]) + family.Key[1..])}</h2><div class=\"cards\">\n{string.Concat(family.Select(Card))}</div></section>\n";

    private static string Card(GalleryEntry entry) => $"""
        <article class="card" data-text="{Text($"{entry.Notebook.Name} {entry.Notebook.Title} {entry.Source} {entry.Family} {string.Join(' ', entry.Claims.Select(claim => claim.Statement))}".ToLowerInvariant())}">
        <a class="figure" href="{Link(entry)}" tabindex="-1" aria-hidden="true">{entry.Figure ?? $"<span>{Text(entry.Notebook.Name.Split('-')[0])}</span>"}</a>
        <h3><a href="{Link(entry)}">{Text(entry.Notebook.Title)}</a></h3>
        <div class="source">{MarkdownHtml.Render(entry.Source)}</div>
        <p>{string.Concat(entry.Claims.Select(Badge))}{(entry.Failures > 0 ? $"<span class=\"badge DoesNotHold\">{entry.Failures} failed</span>" : "")}</p>
        </article>

        """;

    private static string Claim(GalleryEntry entry, ClaimRecord claim) =>
        $"<tr data-text=\"{Text($"{entry.Notebook.Name} {entry.Notebook.Title} {claim.Id} {claim.Statement} {claim.Status.InWords()}".ToLowerInvariant())}\">"
        + $"<td>{Badge(claim)}</td><td>{Text(claim.Statement)}</td><td><a href=\"{Link(entry)}\">{Text(entry.Notebook.Name)}</a></td></tr>\n";

    private static string Badge(ClaimRecord claim) =>
        $"<span class=\"badge {claim.Status}\" title=\"{Text($"{claim.Status.InWords()}: {claim.Statement}")}\">{claim.Status.Mark()} {Text(claim.Id)}</span>";

    private static string Counts(IReadOnlyList<GalleryEntry> entries)
    {
        var claims = entries.SelectMany(entry => entry.Claims).CountBy(claim => claim.Status).OrderBy(pair => pair.Key).Select(pair => pair.Key.InWords(pair.Value));
        return $"{entries.Count} notebooks; claims: {string.Join(", ", claims)}";
    }

    private static string Link(GalleryEntry entry) => Text(Uri.EscapeDataString(entry.Notebook.Name) + ".html");

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
