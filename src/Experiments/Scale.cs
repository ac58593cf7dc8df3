namespace Attn.Experiments;

/// <summary>How large an experiment is run.</summary>
public enum ExperimentSize
{
    /// <summary>Seconds on two cores: what the tests run.</summary>
    Smoke,

    /// <summary>About a minute on two cores: what a reader runs.</summary>
    Laptop,

    /// <summary>As much as one GPU allows in minutes.</summary>
    Gpu,
}

/// <summary>The size at which a notebook runs its experiments, and the choices that follow from it.</summary>
/// <param name="Size">The size.</param>
public readonly record struct Scale(ExperimentSize Size)
{
    /// <summary>The names that <see cref="Parse"/> takes.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Enum.GetNames<ExperimentSize>().Select(name => name.ToLowerInvariant())];

    /// <summary>Reads <c>smoke</c>, <c>laptop</c> or <c>gpu</c>, in any case.</summary>
    /// <exception cref="ArgumentException">Another text.</exception>
    public static Scale Parse(string name) => Enum.TryParse<ExperimentSize>(name, ignoreCase: true, out var size) && Names.Contains(name.ToLowerInvariant())
        ? new(size)
        : throw new ArgumentException($"scale: got '{name}', needs one of {string.Join(", ", Names)}.", nameof(name));

    /// <summary>The value for this scale; <paramref name="gpu"/> is as <paramref name="laptop"/> where it is not given.</summary>
    public T Pick<T>(T smoke, T laptop, T? gpu = default) => Size switch
    {
        ExperimentSize.Smoke => smoke,
        ExperimentSize.Laptop => laptop,
        _ => EqualityComparer<T>.Default.Equals(gpu, default) ? laptop : gpu!,
    };

    /// <summary>The name in lower case.</summary>
    public override string ToString() => Size.ToString().ToLowerInvariant();
}
