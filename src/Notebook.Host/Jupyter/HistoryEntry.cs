namespace Attn.Host.Jupyter;

/// <summary>A cell that has run.</summary>
/// <param name="Session">The run of the kernel that it belongs to, counted over the user's life with it.</param>
/// <param name="Line">Its execution count.</param>
/// <param name="Source">The cell.</param>
/// <param name="Output">Its result as plain text; null when it had none.</param>
internal sealed record HistoryEntry(int Session, int Line, string Source, string? Output);
