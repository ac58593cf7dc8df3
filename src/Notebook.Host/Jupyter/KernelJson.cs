using System.Text.Json.Serialization;

namespace Attn.Host.Jupyter;

/// <summary>How the kernel's files are read and written, generated when it is built: to find it out by reflection takes a twentieth of the time to the first answer.</summary>
[JsonSerializable(typeof(ConnectionInfo))]
[JsonSerializable(typeof(HistoryEntry))]
internal sealed partial class KernelJson : JsonSerializerContext;
