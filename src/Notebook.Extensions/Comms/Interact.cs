using System.Globalization;

namespace Attn.Notebook;

/// <summary>
/// Controls that re-run a callback: what it returns is shown below the control and replaced in place when the control moves. They move in the
/// classic Notebook, and in JupyterLab and Notebook 7 by the server behind the page. Where there is no live front end to move them (a page, a
/// headless run, VS Code), the first value's result stands.
/// </summary>
/// <example><code>Interact.Slider("temperature", 0.1, 5, t => softmax(logits / t, -1));</code></example>
public static class Interact
{
    private const int Steps = 100;

    /// <summary>A number between two others.</summary>
    /// <param name="label">What the number is.</param>
    /// <param name="min">The least value.</param>
    /// <param name="max">The greatest value.</param>
    /// <param name="show">What to show for a value; see <see cref="MimeBundles.Of"/>.</param>
    /// <param name="value">The first value; halfway when null.</param>
    /// <param name="step">The distance of neighbouring values; a hundredth of the range when null.</param>
    /// <exception cref="ArgumentException">The range is empty or not finite, the first value outside it, or the step not positive.</exception>
    public static Interactive<double> Slider(string label, double min, double max, Func<double, object?> show, double? value = null, double? step = null)
    {
        ArgumentNullException.ThrowIfNull(label);
        ArgumentNullException.ThrowIfNull(show);
        if (!double.IsFinite(min) || !double.IsFinite(max) || min >= max)
            throw new ArgumentException($"max: got {max}, needs a finite number above min = {min}.", nameof(max));
        var first = value ?? min + ((max - min) / 2);
        if (!(first >= min && first <= max))
            throw new ArgumentException($"value: got {first}, needs a number from {min} to {max}.", nameof(value));
        var distance = step ?? (max - min) / Steps;
        if (!(distance > 0 && distance <= max - min))
            throw new ArgumentException($"step: got {distance}, needs a positive number up to {max - min}.", nameof(step));

        var control = new SliderControl(label, min, max, distance);
        return Interactive<double>.Start(control, first, show, sent => Math.Clamp(sent, min, max), number => number, Text);
    }

    /// <summary>One of several values.</summary>
    /// <param name="label">What the values are.</param>
    /// <param name="options">The values; the first is shown first.</param>
    /// <param name="show">What to show for a value; see <see cref="MimeBundles.Of"/>.</param>
    /// <exception cref="ArgumentException">There are no options.</exception>
    public static Interactive<T> Dropdown<T>(string label, IEnumerable<T> options, Func<T, object?> show)
    {
        ArgumentNullException.ThrowIfNull(label);
        ArgumentNullException.ThrowIfNull(show);
        T[] all = [.. options];
        if (all.Length == 0)
            throw new ArgumentException("options: got none, needs at least one.", nameof(options));

        var control = new DropdownControl(label, [.. all.Select(Name)]);
        return Interactive<T>.Start(control, all[0], show, sent => all[Math.Clamp((int)sent, 0, all.Length - 1)], value => Math.Max(0, Array.IndexOf(all, value)), Name);
    }

    private static string Text(double value) => value.ToString("0.######", CultureInfo.InvariantCulture);

    private static string Name<T>(T value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
}
