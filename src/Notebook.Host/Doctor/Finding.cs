namespace Attn.Host.Doctor;

/// <summary>One line of the doctor's page.</summary>
/// <param name="Subject">What was looked at.</param>
/// <param name="State">How it is.</param>
/// <param name="Detail">What was found.</param>
/// <param name="Advice">What to do about it; null when there is nothing to do.</param>
internal sealed record Finding(string Subject, FindingState State, string Detail, string? Advice = null)
{
    public static Finding Good(string subject, string detail) => new(subject, FindingState.Good, detail);

    public static Finding Absent(string subject, string detail, string advice) => new(subject, FindingState.Absent, detail, advice);

    public static Finding Broken(string subject, string detail, string advice) => new(subject, FindingState.Broken, detail, advice);
}

/// <summary>How a thing is.</summary>
internal enum FindingState
{
    /// <summary>It is there and works.</summary>
    Good,

    /// <summary>It is not there; all else works without it.</summary>
    Absent,

    /// <summary>It is needed and does not work.</summary>
    Broken,
}
