namespace Attn.Theory.ScanAndSnap;

/// <summary>
/// The synthetic data of "Scan and Snap" (arXiv 2305.16380, section 3): K classes over a vocabulary of M tokens. Token ids are laid out as
/// common tokens, distinct tokens class by class, query tokens, next tokens, then unused ids.
/// </summary>
public sealed class SequenceClasses
{
    private readonly int[] _classesOfToken; // In how many classes' contexts a token occurs.

    private SequenceClasses(int vocabulary, IReadOnlyList<SequenceClass> classes)
    {
        (Vocabulary, Classes) = (vocabulary, classes);
        _classesOfToken = new int[vocabulary];
        foreach (var token in classes.SelectMany(c => c.Tokens))
            _classesOfToken[token]++;
        ContextTokens = [.. Enumerable.Range(0, vocabulary).Where(l => _classesOfToken[l] > 0)];
        QueryTokens = [.. classes.Select(c => c.Query).Distinct().Order()];
    }

    /// <summary>M, the number of token ids; the decoder has a logit for each.</summary>
    public int Vocabulary { get; }

    /// <summary>The classes, all equally likely.</summary>
    public IReadOnlyList<SequenceClass> Classes { get; }

    /// <summary>K, the number of classes.</summary>
    public int Count => Classes.Count;

    /// <summary>Ids that occur in some context: only their rows of Y ever have a gradient.</summary>
    public IReadOnlyList<int> ContextTokens { get; }

    /// <summary>Ids that are some class's query: only their rows of Z ever have a gradient.</summary>
    public IReadOnlyList<int> QueryTokens { get; }

    /// <summary>Whether token <paramref name="l"/> occurs in the contexts of more than one class.</summary>
    public bool IsCommon(int l) => _classesOfToken[Token(l)] > 1;

    /// <summary>Whether token <paramref name="l"/> occurs in the contexts of exactly one class.</summary>
    public bool IsDistinct(int l) => _classesOfToken[Token(l)] == 1;

    /// <summary>The tokens of the context of class <paramref name="n"/> (a position in <see cref="Classes"/>) that no other class has.</summary>
    public IReadOnlyList<int> DistinctTokens(int n) => [.. Class(n).Tokens.Where(IsDistinct)];

    /// <summary>P(l|n); 0 for a token that the class's contexts lack.</summary>
    public double Probability(int n, int l) => Class(n).Tokens.Zip(Class(n).Probabilities).FirstOrDefault(pair => pair.First == l).Second;

    /// <summary>A class by its position.</summary>
    /// <exception cref="ArgumentException">There is no such class.</exception>
    public SequenceClass Class(int n) => n >= 0 && n < Count ? Classes[n] : throw new ArgumentException($"n: got {n}, needs a class in [0, {Count}).", nameof(n));

    /// <summary>Syn-Small (figure 4): 10 common tokens and 2 classes, each with a query token and 10 distinct tokens of its own; M = 34.</summary>
    public static SequenceClasses SynSmall() => Layered(queries: 2, nextPerQuery: 1);

    /// <summary>Syn-Medium (figures 5 and 6): as Syn-Small with <paramref name="queries"/> query tokens, each followed by one of
    /// <paramref name="nextPerQuery"/> next tokens. M = 33, 79, 125, 240 for 1, 3, 5, 10 queries.</summary>
    /// <exception cref="ArgumentException">A count below 1.</exception>
    public static SequenceClasses SynMedium(int queries, int nextPerQuery = 2) => Layered(queries, nextPerQuery);

    /// <summary>The layout of the paper's data sets: common tokens have weight 1, a class's distinct tokens weights evenly spaced from
    /// 0.1 to 1; each class's weights are divided by their sum.</summary>
    /// <param name="queries">Query tokens.</param>
    /// <param name="nextPerQuery">Classes per query token.</param>
    /// <param name="common">Tokens shared by all classes; with none, the classes are disjoint.</param>
    /// <param name="distinct">Distinct tokens per class.</param>
    /// <param name="unused">Ids that never occur but have logits.</param>
    /// <param name="commonMass">The total probability of the common tokens; null for the weights of 1.</param>
    /// <exception cref="ArgumentException">A count out of range, or a mass outside [0, 1).</exception>
    public static SequenceClasses Layered(
        int queries, int nextPerQuery, int common = 10, int distinct = 10, int unused = 0, double? commonMass = null)
    {
        Require(queries, 1, nameof(queries));
        Require(nextPerQuery, 1, nameof(nextPerQuery));
        Require(common, 0, nameof(common));
        Require(distinct, 1, nameof(distinct));
        Require(unused, 0, nameof(unused));
        if (commonMass is { } mass && !(mass is >= 0 and < 1))
            throw new ArgumentException($"commonMass: got {mass}, needs a number in [0, 1).", nameof(commonMass));

        var classes = queries * nextPerQuery;
        var (firstQuery, vocabulary) = (common + classes * distinct, common + classes * (distinct + 1) + queries + unused);
        var weights = DistinctWeights(distinct);
        var commonWeight = commonMass is { } m ? weights.Sum() * m / (1 - m) / Math.Max(common, 1) : 1;
        return new(vocabulary, [.. Enumerable.Range(0, classes).Select(n => Normalised(
            Enumerable.Range(0, common).Select(l => (l, commonWeight)).Concat(weights.Select((w, i) => (common + n * distinct + i, w))),
            query: firstQuery + n / nextPerQuery,
            next: firstQuery + queries + n))]);
    }

    /// <summary>Classes with given context distributions.</summary>
    /// <param name="contexts">[K, M] weights of the context tokens, rows divided by their sums.</param>
    /// <param name="query">[K] each class's query token.</param>
    /// <param name="next">[K] each class's next token, all different.</param>
    /// <exception cref="ArgumentException">Lengths that differ, an id outside [0, M), a repeated next token, a weight that is negative or
    /// not finite, or a class with no weight.</exception>
    public static SequenceClasses Custom(double[,] contexts, IReadOnlyList<int> query, IReadOnlyList<int> next)
    {
        ArgumentNullException.ThrowIfNull(contexts);
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(next);
        var (classes, vocabulary) = (contexts.GetLength(0), contexts.GetLength(1));
        Require(classes, 1, nameof(contexts));
        RequireIds(query, classes, vocabulary, nameof(query));
        RequireIds(next, classes, vocabulary, nameof(next));
        if (next.Distinct().Count() != classes)
            throw new ArgumentException("next: got a token twice, needs a different one for each class.", nameof(next));
        foreach (var weight in contexts)
            if (!(weight >= 0 && double.IsFinite(weight)))
                throw new ArgumentException($"contexts: got {weight}, needs finite numbers of at least 0.", nameof(contexts));

        return new(vocabulary, [.. Enumerable.Range(0, classes).Select(n => Normalised(
            Enumerable.Range(0, vocabulary).Select(l => (l, contexts[n, l])), query[n], next[n]))]);
    }

    private int Token(int l) =>
        l >= 0 && l < Vocabulary ? l : throw new ArgumentException($"l: got {l}, needs a token in [0, {Vocabulary}).", nameof(l));

    private static double[] DistinctWeights(int count) =>
        count == 1 ? [1] : [.. Enumerable.Range(0, count).Select(i => 0.1 + 0.9 * i / (count - 1))];

    private static SequenceClass Normalised(IEnumerable<(int Token, double Weight)> weights, int query, int next)
    {
        var present = weights.Where(pair => pair.Weight > 0).ToArray();
        if (present.Length == 0)
            throw new ArgumentException($"contexts: got no weight for the class with next token {next}, needs a positive one.", nameof(weights));
        var total = present.Sum(pair => pair.Weight);
        return new([.. present.Select(pair => pair.Token)], [.. present.Select(pair => pair.Weight / total)], query, next);
    }

    private static void Require(int value, int least, string name)
    {
        if (value < least)
            throw new ArgumentException($"{name}: got {value}, needs at least {least}.", name);
    }

    private static void RequireIds(IReadOnlyList<int> ids, int count, int vocabulary, string name)
    {
        if (ids.Count != count)
            throw new ArgumentException($"{name}: got {ids.Count} ids, needs {count}, one for each row of contexts.", name);
        foreach (var id in ids)
            if (id < 0 || id >= vocabulary)
                throw new ArgumentException($"{name}: got the id {id}, needs ids in [0, {vocabulary}).", name);
    }
}
