using System.Text.RegularExpressions;

namespace Attn.Kernels.Tests.Conformance;

/// <summary>The promise about bad arguments: an <see cref="ArgumentException"/> that names the argument, what it got and what it needs.</summary>
internal static partial class Promised
{
    /// <summary>Asserts that a call throws the promised exception about <paramref name="argument"/>.</summary>
    /// <param name="argument">The argument's name.</param>
    /// <param name="call">The call.</param>
    /// <param name="what">What is tried, for the message.</param>
    public static void Throws(string argument, Func<object?> call, string what = "")
    {
        var thrown = Record.Exception(() => { call(); });
        if (thrown is not ArgumentException refusal)
        {
            Assert.Fail($"{what}: {argument} is not refused, but gives {thrown?.GetType().Name ?? "a result"}: {thrown?.Message}");
            return;
        }
        Assert.True(refusal.ParamName == argument, $"{what}: the message is not about {argument}: {refusal.Message}");
        Assert.True(Form().IsMatch(refusal.Message) && refusal.Message.StartsWith($"{argument}: ", StringComparison.Ordinal), $"{what}: {refusal.Message}");
    }

    [GeneratedRegex(@"^[\w.]+: got .+, needs .+\.", RegexOptions.Singleline)]
    private static partial Regex Form();
}
