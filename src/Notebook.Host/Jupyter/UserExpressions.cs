using System.Text.Json.Nodes;
using Attn.Host.Session;
using Attn.Notebook;

namespace Attn.Host.Jupyter;

/// <summary>Expressions that a front end has evaluated after a cell, without a trace of them in the notebook.</summary>
internal static class UserExpressions
{
    public static async Task<JsonObject> EvaluateAsync(JsonObject expressions, CSharpSession session, CancellationToken cancellation)
    {
        var values = new JsonObject();
        foreach (var (name, expression) in expressions)
            values[name] = await EvaluateAsync(expression?.ToString() ?? "", session, cancellation);
        return values;
    }

    private static async Task<JsonObject> EvaluateAsync(string expression, CSharpSession session, CancellationToken cancellation)
    {
        var output = new ResultOnly();
        var result = await session.RunAsync(expression, CellNames.Unnumbered, output, cancellation);
        if (result.Error is { } error)
            return ErrorContent.Of(error, "error");
        return new()
        {
            ["status"] = "ok",
            ["data"] = output.Bundle is { } bundle ? KernelOutput.Data(bundle) : new JsonObject(),
            ["metadata"] = new JsonObject(),
        };
    }

    private sealed class ResultOnly : ICellOutput
    {
        public MimeBundle? Bundle { get; private set; }

        public void Stream(OutputStream stream, string text)
        {
        }

        public void Display(MimeBundle bundle, string displayId)
        {
        }

        public void Update(string displayId, MimeBundle bundle)
        {
        }

        public void Result(MimeBundle bundle) => Bundle = bundle;
    }
}
