namespace Attn.Notebook;

/// <summary>
/// A falsifiable statement of a paper, with the paper's figure, what was measured, a criterion that can fail, and a negative control:
/// the baseline or ablation on which it must not hold. Immutable; each method gives a new claim with something added. Displaying one
/// states it, in the notebook and to whatever runs the notebook.
/// </summary>
/// <example><code>Claim.Exact("C1", "Tiled attention is exact")
///     .Paper("Theorem 1")
///     .Check("max |tiled − dense|", errors, Criterion.AtMost(1e-12))
///     .Control("tiles not rescaled", wrong, Criterion.Above(1e-2))</code></example>
public sealed record Claim : INotebookView
{
    private const int LeastSeeds = 3;

    private Claim(ClaimKind kind, string id, string statement)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(id);
        ArgumentException.ThrowIfNullOrWhiteSpace(statement);
        (Kind, Id, Statement) = (kind, id, statement);
    }

    /// <summary>The claim's id in its notebook, such as <c>C1</c>.</summary>
    public string Id { get; }

    /// <summary>What is claimed, in one sentence.</summary>
    public string Statement { get; }

    /// <summary>How it is checked.</summary>
    public ClaimKind Kind { get; }

    /// <summary>The paper's own figure, or the place of its statement.</summary>
    public string PaperFigure { get; private init; } = "";

    /// <summary>What must hold.</summary>
    public IReadOnlyList<Measurement> Checks { get; private init; } = [];

    /// <summary>What must be seen where the claim must not hold.</summary>
    public IReadOnlyList<Measurement> Controls { get; private init; } = [];

    /// <summary>Why there is no control; null when there is one.</summary>
    public string? WhyNoControl { get; private init; }

    /// <summary>Why it was not run; null when it was.</summary>
    public string? WhyNotRun { get; private init; }

    /// <summary>What was tried to make it hold; shown when it does not.</summary>
    public string? WhatWasTried { get; private init; }

    /// <summary>An identity or bound; of many values the worst counts.</summary>
    public static Claim Exact(string id, string statement) => new(ClaimKind.Exact, id, statement);

    /// <summary>An empirical finding over at least three seeds; of many values the mean counts.</summary>
    public static Claim Measured(string id, string statement) => new(ClaimKind.Measured, id, statement);

    /// <summary>A finding that needs a GPU.</summary>
    public static Claim Gpu(string id, string statement) => new(ClaimKind.Gpu, id, statement);

    /// <summary>States the paper's own figure or the place of its statement.</summary>
    public Claim Paper(string figure) => this with { PaperFigure = figure };

    /// <summary>Adds a check on one number.</summary>
    /// <exception cref="InvalidOperationException">The claim is a measured one: one number is no measurement.</exception>
    public Claim Check(string label, double value, Criterion criterion) => Kind == ClaimKind.Measured
        ? throw new InvalidOperationException($"Check: claim {Id} is a measured one and '{label}' has 1 value; it needs one a seed, of at least {LeastSeeds} seeds.")
        : With(Measurement.OfOne(label, value, criterion));

    /// <summary>Adds a check on many numbers: on the worst of them for an exact claim, on their mean for a measured one.</summary>
    /// <exception cref="ArgumentException">No values, or fewer than three for a measured claim.</exception>
    public Claim Check(string label, IEnumerable<double> values, Criterion criterion)
    {
        var all = Values(label, values);
        return With(Kind == ClaimKind.Measured ? Measurement.OfMean(label, Seeds(label, all), criterion) : Measurement.OfWorst(label, all, criterion));
    }

    /// <summary>Adds a check that every one of the values must satisfy.</summary>
    /// <inheritdoc cref="Check(string, IEnumerable{double}, Criterion)" path="/exception"/>
    public Claim CheckEach(string label, IEnumerable<double> values, Criterion criterion)
    {
        var all = Values(label, values);
        return With(Measurement.OfWorst(label, Kind == ClaimKind.Measured ? Seeds(label, all) : all, criterion));
    }

    /// <summary>Adds a check on how a sequence of numbers goes.</summary>
    /// <exception cref="ArgumentException">Fewer than two values.</exception>
    public Claim CheckSequence(string label, IEnumerable<double> values, SequenceCriterion criterion)
    {
        var all = Values(label, values);
        return all.Length >= 2
            ? With(Measurement.OfSequence(label, all, criterion))
            : throw new ArgumentException($"values: '{label}' of claim {Id} has {all.Length} value, a sequence needs at least 2.", nameof(values));
    }

    /// <summary>Adds a check that a statement is true.</summary>
    public Claim Check(string label, bool value) => With(Measurement.OfStatement(label, value));

    /// <summary>Adds a negative control: what must be seen on a baseline or ablation for which the claim must not hold.</summary>
    public Claim Control(string label, double value, Criterion criterion) =>
        this with { Controls = [.. Controls, Measurement.OfOne(label, value, criterion)] };

    /// <summary>Adds a negative control that is a statement.</summary>
    public Claim Control(string label, bool value) => this with { Controls = [.. Controls, Measurement.OfStatement(label, value)] };

    /// <summary>Says why the claim has no negative control.</summary>
    public Claim NoControl(string reason)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        return this with { WhyNoControl = reason };
    }

    /// <summary>Says why the claim was not run.</summary>
    public Claim NotRun(string reason)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        return this with { WhyNotRun = reason };
    }

    /// <summary>Says what was tried; shown when the claim does not hold.</summary>
    public Claim Tried(string what) => this with { WhatWasTried = what };

    /// <summary>What came of it.</summary>
    /// <exception cref="InvalidOperationException">The claim lacks a check, or a control and a reason for having none.</exception>
    public ClaimStatus Status
    {
        get
        {
            if (WhyNotRun is not null)
                return ClaimStatus.NotRun;
            if (Checks.Count == 0)
                throw new InvalidOperationException($"claim {Id} has no check: it needs Check(…), or NotRun(reason).");
            if (Controls.Count == 0 && WhyNoControl is null)
                throw new InvalidOperationException($"claim {Id} has no negative control: it needs Control(…), or NoControl(reason).");
            return Checks.Concat(Controls).All(measurement => measurement.Holds) ? ClaimStatus.Holds : ClaimStatus.DoesNotHold;
        }
    }

    /// <inheritdoc/>
    public MimeBundle ToMimeBundle()
    {
        var record = ClaimRecord.Of(this);
        StatedClaims.Add(record);
        return ClaimView.Of(record);
    }

    private Claim With(Measurement check) => this with { Checks = [.. Checks, check] };

    private double[] Values(string label, IEnumerable<double> values) => values.ToArray() is { Length: > 0 } all
        ? all
        : throw new ArgumentException($"values: '{label}' of claim {Id} has no values, needs at least 1.", nameof(values));

    private double[] Seeds(string label, double[] values) => values.Length >= LeastSeeds
        ? values
        : throw new ArgumentException($"values: '{label}' of claim {Id} has {values.Length} value(s), a measured claim needs at least {LeastSeeds} seeds.", nameof(values));
}
