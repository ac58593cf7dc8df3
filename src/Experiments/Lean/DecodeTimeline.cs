using Attn.Kernels;

namespace Attn.Experiments;

/// <summary>Which multiprocessor works on which output when: the picture of a decoding schedule, one column a tile's time.</summary>
public static class DecodeTimeline
{
    /// <summary>Equal shares of all tiles.</summary>
    /// <param name="outputs">Outputs.</param>
    /// <param name="tiles">Tiles of each.</param>
    /// <param name="processors">Multiprocessors.</param>
    /// <returns><c>[processors, makespan]</c>: the output's number from 1, NaN where the multiprocessor idles.</returns>
    public static double[,] StreamK(int outputs, int tiles, int processors)
    {
        var schedule = LeanSchedule.Plan([.. Enumerable.Repeat(tiles, outputs)], processors);
        var picture = Idle(processors, schedule.Makespan);
        for (var worker = 0; worker < processors; worker++)
        {
            var at = 0;
            foreach (var segment in schedule.Segments[worker])
                for (var tile = segment.Begin; tile < segment.End; tile++)
                    picture[worker, at++] = segment.Output + 1;
        }
        return picture;
    }

    /// <summary>Every output in as many parts, dealt out in waves; one part is one multiprocessor an output.</summary>
    /// <param name="outputs">Outputs.</param>
    /// <param name="tiles">Tiles of each.</param>
    /// <param name="processors">Multiprocessors.</param>
    /// <param name="parts">Parts of each output; its last parts may be shorter, or empty.</param>
    /// <inheritdoc cref="StreamK" path="/returns"/>
    public static double[,] FixedSplit(int outputs, int tiles, int processors, int parts)
    {
        var picture = Idle(processors, DecodeMakespan.FixedSplit(outputs, tiles, processors, parts));
        var length = (tiles + parts - 1) / parts;
        for (var part = 0; part < outputs * parts; part++)
        {
            var size = Math.Clamp(tiles - part % parts * length, 0, length);
            for (var tile = 0; tile < size; tile++)
                picture[part % processors, part / processors * length + tile] = part / parts + 1;
        }
        return picture;
    }

    private static double[,] Idle(int processors, int makespan)
    {
        var picture = new double[processors, makespan];
        for (var i = 0; i < processors; i++)
            for (var j = 0; j < makespan; j++)
                picture[i, j] = double.NaN;
        return picture;
    }
}
