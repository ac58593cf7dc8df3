using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Plotly.NET;

namespace Attn.Notebook.Charting;

/// <summary>A chart as figure JSON, as a static picture, and as HTML in which the interactive chart takes the picture's place.</summary>
internal static class ChartView
{
    public static MimeBundle Render(object value)
    {
        var figure = FigureJson.Of((GenericChart)value);
        var svg = FigureSvg.Render(figure);
        PlotlyOnPage.Ensure();
        return new MimeBundle(new Dictionary<string, object>
        {
            [Mime.Plotly] = figure,
            [Mime.Html] = Html(figure, svg),
            [Mime.Svg] = svg,
            [Mime.Text] = ChartText.Of(figure),
        });
    }

    private static string Html(JsonObject figure, string svg)
    {
        var json = ScriptText.Json(figure);
        var title = ChartText.Title(figure);
        var id = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(json)))[..16];
        return $"""
            <div class="attn-chart" data-attn-chart="{id}" role="figure" aria-label="{Markup.Escape(title)}" style="max-width:{ChartTheme.Width}px;background:{ChartTheme.Paper}">
            <div class="attn-chart-static">{SvgImage.Of(svg, title, "width:100%")}</div>
            <script type="application/json">{json}</script>
            </div>
            <script>{Loader(id)}</script>
            """;
    }

    /// <summary>
    /// Draws once plotly.js is there and gives up after 20 s, which leaves the picture. The places are found by the figure's own digest,
    /// since notebook front ends move scripts away from where they stood.
    /// </summary>
    private static string Loader(string id) => $$"""
        (function () {
          var left = 200;
          function draw() {
            if (!window.Plotly) { if (left-- > 0) setTimeout(draw, 100); return; }
            document.querySelectorAll('[data-attn-chart="{{id}}"]:not([data-drawn])').forEach(function (place) {
              place.setAttribute('data-drawn', '');
              var picture = place.querySelector('.attn-chart-static');
              var figure = JSON.parse(place.querySelector('script').textContent);
              var live = document.createElement('div');
              place.appendChild(live);
              window.Plotly.newPlot(live, figure.data, figure.layout, figure.config).then(
                function () { picture.style.display = 'none'; }, function () { live.remove(); });
            });
          }
          draw();
        })();
        """;
}
