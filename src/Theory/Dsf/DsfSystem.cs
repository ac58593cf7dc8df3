using static TorchSharp.torch;

namespace Attn.Theory.Dsf;

/// <summary>
/// One linear time-varying system, h_i = Λ_i h_{i−1} + B_i u_i and y_i = C_i h_i + D_i u_i from h_{−1} = 0, with Λ_i diagonal, over L steps
/// (Sieber et al. 2024, arXiv 2405.15731, eq. 2). Leading dimensions, such as sequences and heads, are systems side by side.
/// </summary>
/// <remarks>
/// All tensors have one dtype, float64 as a rule. A complex one, as an S4 or LRU needs, has y_i = Re(C_i h_i + D_i u_i): inputs and outputs stay real.
/// </remarks>
public sealed record DsfSystem
{
    /// <summary>A system from its matrices.</summary>
    /// <param name="lambda">The diagonals of Λ, <c>[…,L,N]</c>; that of the first step meets a state of zeros.</param>
    /// <param name="b">B, <c>[…,L,N,d]</c>.</param>
    /// <param name="c">C, <c>[…,L,p,N]</c>.</param>
    /// <param name="d">D, <c>[…,L,p,d]</c>; zero when null.</param>
    /// <exception cref="ArgumentException">Shapes or dtypes that do not fit each other.</exception>
    public DsfSystem(Tensor lambda, Tensor b, Tensor c, Tensor? d = null)
    {
        ArgumentNullException.ThrowIfNull(lambda);
        ArgumentNullException.ThrowIfNull(b);
        ArgumentNullException.ThrowIfNull(c);
        if (lambda.dim() < 2)
            throw new ArgumentException($"lambda: got rank {lambda.dim()}, needs […,L,N].", nameof(lambda));
        Check(b, nameof(b), "[…,L,N,d]", lambda, [lambda.size(-1), b.dim() > 0 ? b.size(-1) : 0]);
        Check(c, nameof(c), "[…,L,p,N]", lambda, [c.dim() > 1 ? c.size(-2) : 0, lambda.size(-1)]);
        if (d is not null)
            Check(d, nameof(d), "[…,L,p,d]", lambda, [c.size(-2), b.size(-1)]);
        (Lambda, B, C, D) = (lambda, b, c, d);
    }

    /// <summary>The diagonals of Λ, <c>[…,L,N]</c>.</summary>
    public Tensor Lambda { get; }

    /// <summary>B, <c>[…,L,N,d]</c>.</summary>
    public Tensor B { get; }

    /// <summary>C, <c>[…,L,p,N]</c>.</summary>
    public Tensor C { get; }

    /// <summary>D, <c>[…,L,p,d]</c>; null where it is zero.</summary>
    public Tensor? D { get; }

    /// <summary>L, steps.</summary>
    public int Length => (int)Lambda.size(-2);

    /// <summary>N, numbers of state.</summary>
    public int StateSize => (int)Lambda.size(-1);

    /// <summary>d, channels of an input.</summary>
    public int Inputs => (int)B.size(-1);

    /// <summary>p, channels of an output.</summary>
    public int Outputs => (int)C.size(-2);

    /// <summary>The outputs by the recurrence, one step after another.</summary>
    /// <param name="u"><c>[…,L,d]</c>.</param>
    /// <returns><c>[…,L,p]</c>, real.</returns>
    /// <exception cref="ArgumentException">An input of another length or width.</exception>
    public Tensor Run(Tensor u)
    {
        CheckInput(u);
        using var scope = NewDisposeScope();
        var inputs = u.to(Lambda.dtype).unsqueeze(-1);
        Tensor? state = null;
        var outputs = new List<Tensor>();
        for (var i = 0; i < Length; i++)
        {
            var input = inputs.select(-3, i);
            var written = B.select(-3, i).matmul(input);
            state = state is null ? written : Lambda.select(-2, i).unsqueeze(-1) * state + written;
            var output = C.select(-3, i).matmul(state);
            outputs.Add(D is null ? output : output + D.select(-3, i).matmul(input));
        }
        return Real(stack(outputs, -3).squeeze(-1)).MoveToOuterDisposeScope();
    }

    /// <summary>The convolution form, y = Φu: block (i, j) is C_i Λ_i⋯Λ_{j+1} B_j below the diagonal, and C_i B_i + D_i on it.</summary>
    /// <returns>Φ <c>[…,L·p,L·d]</c>, real, block lower triangular; rows count outputs step by step.</returns>
    public Tensor Kernel()
    {
        using var scope = NewDisposeScope();
        Tensor? response = null; // Of the state to every input so far, [...,N,(i + 1)·d].
        var rows = new List<Tensor>();
        for (var i = 0; i < Length; i++)
        {
            var own = B.select(-3, i);
            response = response is null ? own : cat([Lambda.select(-2, i).unsqueeze(-1) * response, own], -1);
            var row = C.select(-3, i).matmul(response);
            if (D is not null)
                row = cat([row.narrow(-1, 0, (long)i * Inputs), row.narrow(-1, (long)i * Inputs, Inputs) + D.select(-3, i)], -1);
            rows.Add(nn.functional.pad(Real(row), [0, (long)(Length - 1 - i) * Inputs]));
        }
        return cat(rows, -2).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// The same outputs from another state, h'_i = T_i h_i with T_i diagonal: Λ'_i = T_iΛ_iT_{i−1}⁻¹, B'_i = T_iB_i, C'_i = C_iT_i⁻¹. Φ does not
    /// change: Λ alone says nothing, only its products with B and C do.
    /// </summary>
    /// <param name="t">The diagonals of T, <c>[…,L,N]</c>, nowhere 0.</param>
    /// <exception cref="ArgumentException">Another shape than Λ has.</exception>
    public DsfSystem Rescaled(Tensor t)
    {
        ArgumentNullException.ThrowIfNull(t);
        if (!t.shape.SequenceEqual(Lambda.shape))
            throw new ArgumentException($"t: got {Text(t.shape)}, needs {Text(Lambda.shape)} as Λ has.", nameof(t));
        using var scope = NewDisposeScope();
        var before = cat([ones_like(t.narrow(-2, 0, 1)), t.narrow(-2, 0, Length - 1)], -2);
        var result = new DsfSystem(t * Lambda / before, t.unsqueeze(-1) * B, C / t.unsqueeze(-2), D);
        result.Lambda.MoveToOuterDisposeScope();
        result.B.MoveToOuterDisposeScope();
        result.C.MoveToOuterDisposeScope();
        return result;
    }

    private static Tensor Real(Tensor x) => x.is_complex() ? x.real : x;

    private void CheckInput(Tensor u)
    {
        ArgumentNullException.ThrowIfNull(u);
        if (u.dim() < 2 || u.size(-2) != Length || u.size(-1) != Inputs)
            throw new ArgumentException($"u: got {Text(u.shape)}, needs […,{Length},{Inputs}], the steps and inputs of the system.", nameof(u));
    }

    private static void Check(Tensor tensor, string name, string meaning, Tensor lambda, long[] last)
    {
        long[] shape = [.. lambda.shape[..^1], .. last];
        if (!tensor.shape.SequenceEqual(shape))
            throw new ArgumentException($"{name}: got {Text(tensor.shape)}, needs {meaning} = {Text(shape)}.", name);
        if (tensor.dtype != lambda.dtype)
            throw new ArgumentException($"{name}: got {tensor.dtype}, needs {lambda.dtype} as lambda has.", name);
    }

    private static string Text(long[] shape) => $"[{string.Join(",", shape)}]";
}
