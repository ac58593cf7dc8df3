using Attn.Kernels;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Attn.Experiments;

/// <summary>
/// One attention read between learned tables: the query is the key asked for, keys and values are the pairs', and the output is read as a
/// value. As little as <see cref="KeyValueRecall"/> can be learned by.
/// </summary>
public sealed class RecallModel : nn.Module<RecallBatch, Tensor>
{
    private const int Dim = 64;
    private readonly AttentionCore _core;
    private readonly Parameter _keys, _values, _query, _key, _value, _output;

    /// <summary>A model of 64 channels and one head: tables of deviation ½, maps of deviation 1/√64.</summary>
    /// <param name="core">The attention, for <c>q [B,1,1,64]</c> and <c>k, v [B,1,N,64]</c>.</param>
    /// <param name="seed">Fixes the weights.</param>
    public RecallModel(AttentionCore core, int seed)
        : base(nameof(RecallModel))
    {
        ArgumentNullException.ThrowIfNull(core);
        _core = core;
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)seed, CPU);
        Parameter Normal(int rows, int columns, double deviation) => nn.Parameter(deviation * randn([rows, columns], generator: generator));
        Parameter Map(int outputs = Dim) => Normal(Dim, outputs, 1 / Math.Sqrt(Dim));
        (_keys, _values) = (Normal(KeyValueRecall.Keys, Dim, 0.5), Normal(KeyValueRecall.Values, Dim, 0.5));
        (_query, _key, _value, _output) = (Map(), Map(), Map(), Map(KeyValueRecall.Values));
        RegisterComponents();
        this.Keep();
    }

    /// <summary>The logits of the value asked for, <c>[B,32]</c>.</summary>
    public override Tensor forward(RecallBatch input)
    {
        using var scope = NewDisposeScope();
        // Tables are projected before they are looked up in: there are fewer ids than places.
        Tensor Look(Parameter table, Parameter map, Tensor ids) =>
            table.matmul(map).index_select(0, ids.flatten()).view(ids.size(0), 1, ids.size(-1), Dim);
        var (query, key, value) = (Look(_keys, _query, input.Asked.unsqueeze(1)), Look(_keys, _key, input.Keys), Look(_values, _value, input.Values));
        return _core(query, key, value).flatten(1).matmul(_output).MoveToOuterDisposeScope();
    }

    /// <summary>The mean cross-entropy of the answers, in nats.</summary>
    public Tensor Loss(RecallBatch batch)
    {
        using var scope = NewDisposeScope();
        return nn.functional.cross_entropy(call(batch), batch.Answers).MoveToOuterDisposeScope();
    }

    /// <summary>Loss and share of right answers on sequences of <paramref name="pairs"/> pairs, four batches of 64.</summary>
    /// <param name="pairs">N.</param>
    /// <param name="seed">Fixes the sequences.</param>
    public (double Loss, double Accuracy) Test(int pairs, int seed)
    {
        const int Batches = 4, Batch = 64;
        using var off = no_grad();
        var random = new Random(seed);
        var (loss, right) = (0.0, 0.0);
        for (var i = 0; i < Batches; i++)
        {
            using var scope = NewDisposeScope();
            var batch = KeyValueRecall.Sample(Batch, pairs, random);
            var logits = call(batch);
            loss += nn.functional.cross_entropy(logits, batch.Answers).item<float>() / Batches;
            right += (logits.argmax(-1) == batch.Answers).to(ScalarType.Float64).mean().item<double>() / Batches;
        }

        return (loss, right);
    }
}
