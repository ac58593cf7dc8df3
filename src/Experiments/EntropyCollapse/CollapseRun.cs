namespace Attn.Experiments;

/// <summary>A run of <see cref="CollapseStudy"/>.</summary>
/// <param name="Losses">The training loss of each update in nats, before it.</param>
/// <param name="Looks">What was seen at the start and on the way, on text that is not trained on.</param>
/// <param name="Sharpened">Each layer once more after the training, γ of queries and keys multiplied by ten; empty without σReparam there.</param>
/// <typeparam name="T">What is read off a layer's logits.</typeparam>
public sealed record CollapseRun<T>(IReadOnlyList<double> Losses, IReadOnlyList<CollapseLook<T>> Looks, IReadOnlyList<T> Sharpened)
{
    private const int Last = 10;

    /// <summary>The mean loss of the last ten updates.</summary>
    public double FinalLoss => Losses.TakeLast(Last).Average();
}

/// <summary>A trained model seen after some updates.</summary>
/// <param name="Step">How many.</param>
/// <param name="Layers">What was read off each layer's logits.</param>
/// <param name="Norms">Spectral norms of each layer's maps.</param>
/// <typeparam name="T">What is read off a layer's logits.</typeparam>
public sealed record CollapseLook<T>(int Step, IReadOnlyList<T> Layers, IReadOnlyList<MapNorms> Norms);
